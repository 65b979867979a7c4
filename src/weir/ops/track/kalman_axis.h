// A constant-velocity Kalman filter of one coordinate.
//
// The filters of SORT and ByteTrack have eight (seven) states, but their noise is diagonal, motion
// couples a coordinate only to its own velocity, and only positions are measured: the big filter
// falls apart into independent two-state ones, exactly. That is what makes tracking cheap here.
#pragma once

#include <cstdint>

namespace weir {

// So many frames are predicted at most, however many have passed: by then a box may be anywhere.
constexpr int64_t kMostPredicted = 1000;

struct KalmanAxis {
  double position = 0;
  double velocity = 0;
  // The covariance: position-position, position-velocity, velocity-velocity.
  double pp = 0;
  double pv = 0;
  double vv = 0;

  static KalmanAxis start(double position, double position_variance, double velocity_variance) {
    return {position, 0, position_variance, 0, velocity_variance};
  }

  // One frame on. The noises are variances.
  void predict(double position_noise, double velocity_noise) {
    position += velocity;
    pp += 2 * pv + vv + position_noise;
    pv += vv;
    vv += velocity_noise;
  }

  void correct(double measured, double measurement_noise) {
    const double innovation_variance = pp + measurement_noise;
    const double gain_p = pp / innovation_variance;
    const double gain_v = pv / innovation_variance;
    const double innovation = measured - position;
    position += gain_p * innovation;
    velocity += gain_v * innovation;
    vv -= gain_v * pv;
    pv -= gain_p * pv;
    pp -= gain_p * pp;
  }
};

}  // namespace weir
