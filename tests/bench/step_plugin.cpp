// The activity of S4: job type "bench.step" does nothing, so that what is measured is the engine.
#include "activities/sdk/plugin.h"

namespace {

struct State {
  explicit State(const fermata::sdk::Json&) {}
};

fermata::sdk::Outcome step(State&, fermata::sdk::Call&) { return fermata::sdk::Completed{"{\"done\":true}"}; }

}  // namespace

const fermata_plugin* fermata_plugin_v1() {
  static const fermata::sdk::Plugin<State> plugin(
      "bench", "1.0.0", {{.type = "bench.step", .repeat_safety = fermata::sdk::RepeatSafety::native, .execute = step}});
  return plugin.descriptor();
}
