// Live models over the fake back end: one version at a time, made before it is seen.
#include "weir/model/live_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "weir/backend/fake/fake_backend.h"
#include "weir/model/lane.h"

namespace weir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NothingFamily final : public Family {
 public:
  Status shape_for(const ItemSource&, std::span<Shape>) const override { return {}; }
  Status prepare(const ItemSource&, std::span<const TensorView>, ItemPlan&) const override {
    return {};
  }
  Status interpret(std::span<const TensorView>, const ItemSource&, const ItemPlan&,
                   std::vector<Finding>&) const override {
    return {};
  }
};

FamilyInfo family(const std::string& name, const std::string& task) {
  FamilyInfo info;
  info.name = name;
  info.task = task;
  info.make = [](const FamilyContext&) -> Result<std::unique_ptr<const Family>> {
    return std::make_unique<const NothingFamily>();
  };
  return info;
}

// What a seat prepares: which thread ended it, and when.
struct Prepared {
  std::thread::id* ended_on;
  ~Prepared() { *ended_on = std::this_thread::get_id(); }
};

class LiveModelTest : public testing::Test {
 protected:
  LiveModelTest() {
    EXPECT_TRUE(families_.add(family("boxes", "object detection")));
    EXPECT_TRUE(families_.add(family("other_boxes", "object detection")));
    EXPECT_TRUE(families_.add(family("faces", "face detection")));
    EXPECT_TRUE(families_.add(family("numbers", "face embedding")));
    EXPECT_TRUE(families_.add(family("classes", "classification")));
    live_ = LiveModel::make(families_, reaper_, "models.m", spec(), parts()).value();
  }
  ~LiveModelTest() override { reaper_->close(); }

  static ModelSpec spec(const std::string& family = "boxes",
                        std::vector<std::string> labels = {"cat", "dog"}) {
    ModelSpec spec;
    spec.family = family;
    spec.labels.names = std::move(labels);
    return spec;
  }
  Model::Parts parts(const std::string& shape = "1x3x4x4") {
    BackendSpec opened;
    opened.bytes = std::make_shared<const std::string>("weir-fake 1\ninput x float32 " + shape +
                                                       "\noutput y = identity x\n");
    return {{"", backend_.open(opened).value()}};
  }
  std::string switch_error(const ModelSpec& next, const std::string& shape = "1x3x4x4") {
    const Status status = live_->switch_to(next, parts(shape));
    return status ? "" : status.error().to_string();
  }

  FakeBackend backend_;
  FamilyRegistry families_;
  std::shared_ptr<Reaper> reaper_ = std::make_shared<Reaper>();
  std::shared_ptr<LiveModel> live_;
};

TEST_F(LiveModelTest, WhoHoldsAVersionGoesOnWithIt) {
  const auto seat = ModelSeat::take(live_, {.who = "steps.a", .score = 0.25}).value();
  const auto old = live_->current();
  ASSERT_TRUE(live_->switch_to(spec("other_boxes"), parts()));
  const auto now = live_->current();
  EXPECT_EQ(old->number(), 1U);
  EXPECT_EQ(now->number(), 2U);
  EXPECT_EQ(seat.model(*old)->info().name, "boxes");
  EXPECT_EQ(seat.model(*now)->info().name, "other_boxes");
  EXPECT_EQ(seat.model(*now)->spec().thresholds.score, 0.25);
  EXPECT_EQ(now->model()->spec().thresholds.score, std::nullopt);
}

TEST_F(LiveModelTest, TheLastToLetGoDoesNotCloseTheModel) {
  std::thread::id ended_on;
  const auto seat =
      ModelSeat::take(live_, {.who = "steps.a",
                              .prepare = [&](const auto&) -> Result<std::shared_ptr<void>> {
                                return std::shared_ptr<void>(new Prepared{&ended_on}, [](void* p) {
                                  delete static_cast<Prepared*>(p);
                                });
                              }})
          .value();
  auto held = live_->current();
  ASSERT_TRUE(live_->switch_to(spec(), parts()));
  reaper_->drain();
  EXPECT_EQ(ended_on, std::thread::id()) << "it is held";
  held.reset();
  reaper_->drain();
  EXPECT_NE(ended_on, std::thread::id());
  EXPECT_NE(ended_on, std::this_thread::get_id());
}

TEST_F(LiveModelTest, AVersionThatCannotBePreparedIsNeverSeen) {
  bool fails = false;
  const auto seat =
      ModelSeat::take(live_, {.who = "steps.a",
                              .prepare = [&](const auto&) -> Result<std::shared_ptr<void>> {
                                if (fails) return Error(ErrorCode::kExhausted, "no memory");
                                return std::make_shared<int>(7);
                              }})
          .value();
  fails = true;
  EXPECT_THAT(switch_error(spec()), HasSubstr("no memory"));
  EXPECT_EQ(live_->current()->number(), 1U);
  EXPECT_EQ(seat.of<int>(*live_->current()), 7);
}

TEST_F(LiveModelTest, RefusesWhatWouldChangeTheMeaningOfFindings) {
  const auto seat = ModelSeat::take(live_, {.who = "steps.a"}).value();
  EXPECT_EQ(switch_error(spec("faces")),
            "models.m: the new model does not fit to steps.a: it does face detection (family "
            "faces), the present one object detection (boxes); submit it under another name");
  EXPECT_THAT(switch_error(spec("boxes", {"cat", "cow"})),
              HasSubstr("2 labels, cat to cow, the present one 2 labels, cat to dog; number 1 is "
                        "'dog', then 'cow'"));
  EXPECT_EQ(switch_error(spec("other_boxes"), "1x3x64x64"), "") << "another size is no matter";
}

TEST_F(LiveModelTest, RefusesAnotherLengthWhereTheLengthIsTheMeaning) {
  ASSERT_TRUE(live_->switch_to(spec("numbers", {}), parts("1x128")));
  const auto seat = ModelSeat::take(live_, {.who = "steps.a"}).value();
  EXPECT_THAT(switch_error(spec("numbers", {}), "1x512"),
              HasSubstr("it gives 'y' 1x512, the present one 'y' 1x128"));
}

TEST_F(LiveModelTest, RefusesOtherTensorsForAModelThatIsFedTensors) {
  ASSERT_TRUE(live_->switch_to(spec("classes"), parts("1x4x8x8")));
  const auto seat = ModelSeat::take(live_, {.who = "steps.a"}).value();
  EXPECT_THAT(switch_error(spec("classes"), "1x6x8x8"),
              HasSubstr("it takes 'x' 1x6x8x8, the present one 'x' 1x4x8x8"));
}

TEST_F(LiveModelTest, BecomesAnythingWhileNobodyUsesIt) {
  {
    const auto seat = ModelSeat::take(live_, {.who = "steps.a"}).value();
    EXPECT_THAT(live_->used_by(), ElementsAre("steps.a"));
  }
  EXPECT_THAT(live_->used_by(), ElementsAre());
  EXPECT_EQ(switch_error(spec("faces", {})), "");
}

TEST_F(LiveModelTest, CountsEachVersionAndAllTogether) {
  const auto old = live_->current();
  old->count(3, 2.0);
  ASSERT_TRUE(live_->switch_to(spec(), parts()));
  live_->current()->count(4, 1.0);
  old->count(1, 1.0);
  EXPECT_EQ(old->calls(), 4U);
  EXPECT_EQ(live_->current()->calls(), 4U);
  EXPECT_EQ(live_->counts().calls, 8U);
  EXPECT_EQ(live_->counts().time_ns, 4'000'000U);
}

}  // namespace
}  // namespace weir
