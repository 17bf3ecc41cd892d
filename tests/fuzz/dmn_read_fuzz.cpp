// Any bytes at the reader of decision models: they are refused with a rule, a line and a reason, or they can be evaluated within their
// bounds. Whatever is read once is read in the same way again.
#include <cstdint>
#include <string_view>

#include "engine/base/check.h"
#include "processes/dmn/dmn.h"

using namespace fermata;

namespace {

dmn::ReadOptions options() {
  dmn::ReadOptions options;
  options.limits.feel.steps_max = 20'000;
  options.limits.feel.memory_bytes_max = 1 << 20;
  options.limits.elements_max = 200;
  options.limits.cells_max = 2'000;
  return options;
}

void evaluate_all(const dmn::Model& model) {
  Value::Entries entries;
  for (const dmn::InputInfo& input : model.inputs()) entries.push_back({input.name, Value::string("2024-02-29")});
  const Value texts = Value::context(std::move(entries));
  for (const Value& inputs : {Value::null(), texts}) {
    for (const dmn::DecisionInfo& decision : model.decisions()) {
      const auto made = model.evaluate_decision(decision.id.empty() ? decision.name : decision.id, inputs, {.now = Timestamp{1}, .temporal_from_text = true});
      FERMATA_CHECK(made.has_value() || !made.error().message.empty(), "a failure says why");
    }
    for (const dmn::ServiceInfo& service : model.services()) {
      (void)model.evaluate_decision_service(service.id.empty() ? service.name : service.id, inputs, {.now = Timestamp{1}, .all_from_text = true});
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)dmn::imported_namespaces(bytes);
  const dmn::ReadResult first = dmn::read("fuzz.dmn", bytes, options());
  const dmn::ReadResult second = dmn::read("fuzz.dmn", bytes, options());
  FERMATA_CHECK(first.refused() == second.refused() && first.problems.size() == second.problems.size(), "the same bytes are read in the same way");
  for (const dmn::Problem& problem : first.problems) {
    FERMATA_CHECK(!problem.rule.empty() && !problem.message.empty(), "a problem names its rule and its reason");
  }
  FERMATA_CHECK(!first.refused() || !first.problems.empty(), "a refusal says why");
  if (!first.refused()) evaluate_all(*first.model);
  return 0;
}
