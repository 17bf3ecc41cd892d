// A complete activity plugin: two activities, a configuration, a secret, a business error. Nothing but the SDK headers
// is needed.
#include "activities/sdk/plugin.h"

namespace {

using fermata::sdk::BpmnError;
using fermata::sdk::Call;
using fermata::sdk::Completed;
using fermata::sdk::Failed;
using fermata::sdk::InputError;
using fermata::sdk::Json;
using fermata::sdk::Outcome;

/// Made once from the plugin's configuration; shared by all calls, so it is only read.
struct State {
  explicit State(const Json& config) : greeting(config.string_or("greeting", "Hello")) {
    if (greeting.empty()) throw InputError("the setting \"greeting\" must not be empty");
  }
  std::string greeting;
};

/// Job type "hello": {"name": "Ada"} gives {"message": "Hello, Ada!"}. Without a name the process gets the BPMN error
/// NO_NAME.
Outcome hello(State& state, Call& call) {
  const std::string name = call.input().string_or("name", "");
  if (name.empty()) return BpmnError{"NO_NAME", "nobody to greet", "{}"};
  call.log(fermata::sdk::LogLevel::info, "greeting " + name);
  return Completed{Json::object({{"message", state.greeting + ", " + name + "!"}}).dump()};
}

/// Job type "hello.sign": signs with the secret HELLO_KEY. The engine keeps the secret out of whatever this reports.
Outcome sign(State&, Call& call) {
  const auto key = call.secret("HELLO_KEY");
  if (!key) return Failed{.message = "the secret HELLO_KEY does not exist: add it to the secrets file"};
  const std::string text = call.input().at("text").as_string();
  return Completed{Json::object({{"signed", text + " (signed with " + *key + ")"}}).dump()};
}

}  // namespace

const fermata_plugin* fermata_plugin_v1() {
  static const fermata::sdk::Plugin<State> plugin(
      "hello", "1.0.0",
      {{.type = "hello", .repeat_safety = fermata::sdk::RepeatSafety::native, .execute = hello},
       {.type = "hello.sign",
        .repeat_safety = fermata::sdk::RepeatSafety::native,
        .default_deadline = std::chrono::seconds(5),
        .execute = sign}});
  return plugin.descriptor();
}
