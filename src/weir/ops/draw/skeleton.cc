#include "weir/ops/draw/skeleton.h"

namespace weir {
namespace {

constexpr BodySide kLeft = BodySide::kLeft;
constexpr BodySide kRight = BodySide::kRight;

// nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; left before right.
constexpr Bone kBody17[] = {{0, 1, kLeft},   {0, 2, kRight},  {1, 3, kLeft},    {2, 4, kRight},
                            {5, 6},          {5, 7, kLeft},   {7, 9, kLeft},    {6, 8, kRight},
                            {8, 10, kRight}, {5, 11},         {6, 12},          {11, 12},
                            {11, 13, kLeft}, {13, 15, kLeft}, {12, 14, kRight}, {14, 16, kRight}};

constexpr Bone kBody33[] = {{0, 2, kLeft},    {2, 7, kLeft},    {0, 5, kRight},   {5, 8, kRight},
                            {9, 10},          {11, 12},         {11, 13, kLeft},  {13, 15, kLeft},
                            {15, 17, kLeft},  {15, 19, kLeft},  {17, 19, kLeft},  {15, 21, kLeft},
                            {12, 14, kRight}, {14, 16, kRight}, {16, 18, kRight}, {16, 20, kRight},
                            {18, 20, kRight}, {16, 22, kRight}, {11, 23},         {12, 24},
                            {23, 24},         {23, 25, kLeft},  {25, 27, kLeft},  {27, 29, kLeft},
                            {29, 31, kLeft},  {27, 31, kLeft},  {24, 26, kRight}, {26, 28, kRight},
                            {28, 30, kRight}, {30, 32, kRight}, {28, 32, kRight}};

// The wrist, then four joints of each finger from the thumb on.
constexpr Bone kHand21[] = {{0, 1},   {1, 2},   {2, 3},   {3, 4},   {0, 5},   {5, 6},   {6, 7},
                            {7, 8},   {5, 9},   {9, 10},  {10, 11}, {11, 12}, {9, 13},  {13, 14},
                            {14, 15}, {15, 16}, {13, 17}, {17, 18}, {18, 19}, {19, 20}, {0, 17}};

}  // namespace

std::span<const Bone> skeleton_of(std::size_t keypoints) {
  switch (keypoints) {
    case 17:
      return kBody17;
    case 21:
      return kHand21;
    case 33:
      return kBody33;
    default:
      return {};
  }
}

}  // namespace weir
