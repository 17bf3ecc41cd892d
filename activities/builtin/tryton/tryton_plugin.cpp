// The adapter plugin `tryton`: a shared library that comes through the same door as everybody's.
#include "activities/builtin/tryton/activities.h"
#include "activities/sdk/plugin.h"

namespace {

using namespace fermata;

const sdk::Plugin<tryton::State>& plugin() {
  static const sdk::Plugin<tryton::State> instance(
      "tryton", "1.0.0",
      {{.type = "tryton.call",
        .repeat_safety = sdk::RepeatSafety::none,
        .default_deadline = std::chrono::seconds(60),
        .input_schema_json = R"({"type":"object","properties":{"connection":{"type":"string"},"model":{"type":"string"},
"method":{"type":"string"},"rpc":{"type":"string"},"args":{"type":"array"},"context":{"type":"object"},"expect":{"type":"object"},
"expectModel":{"type":"string"},"expectIds":{"type":"array"},"acceptWarnings":{"type":"array"},"errorMapping":{"type":"array"}}})",
        .documentation = "Calls a method or button of a Tryton model. With `expect` the effect is read back, and a "
                         "repeat looks first.",
        .execute = tryton::execute_call,
        .lookup = tryton::lookup_call,
        .repeat_safety_of = tryton::call_repeat_safety},
       {.type = "tryton.create-once",
        .repeat_safety = sdk::RepeatSafety::lookup,
        .default_deadline = std::chrono::seconds(60),
        .input_schema_json =
            R"({"type":"object","required":["model","values"],"properties":{"connection":{"type":"string"},
"model":{"type":"string"},"values":{"type":"object"},"keyField":{"type":"string"},"key":{"type":"string"},"domain":{"type":"array"},
"fields":{"type":"array"},"context":{"type":"object"}}})",
        .documentation = "Creates a record unless one with the same external id is there already.",
        .execute = tryton::execute_create_once,
        .lookup = tryton::lookup_create_once},
       {.type = "tryton.wizard",
        .repeat_safety = sdk::RepeatSafety::none,
        .default_deadline = std::chrono::seconds(60),
        .input_schema_json =
            R"({"type":"object","required":["wizard","model","ids","steps"],"properties":{"connection":{"type":"string"},
"wizard":{"type":"string"},"model":{"type":"string"},"ids":{"type":"array"},"steps":{"type":"array"},"context":{"type":"object"},
"expect":{"type":"object"},"expectModel":{"type":"string"},"expectIds":{"type":"array"}}})",
        .documentation = "Runs a Tryton wizard: opens it, presses the buttons of `steps` with their data, closes it.",
        .execute = tryton::execute_wizard,
        .lookup = tryton::lookup_wizard,
        .repeat_safety_of = tryton::wizard_repeat_safety}});
  return instance;
}

}  // namespace

extern "C" FERMATA_EXPORT const fermata_plugin* fermata_plugin_v1() {
  return plugin().descriptor();
}
