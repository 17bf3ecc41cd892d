#include "engine/behavior/shared/scripts.h"

#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/variables.h"

namespace fermata {

Attempt run_script(Execution& x, const ScriptDefinition& script, ElementInstanceKey key) {
  const Attempted<Value> value = evaluate(x, *script.expression, key, "the script", IncidentType::script_error);
  if (!value) return tl::unexpected(value.error());
  keep_result(x, script.result_variable, *value, key);
  x.push(CompleteStep{key});
  return {};
}

void keep_result(Execution& x, const std::string& result_variable, const Value& value, ElementInstanceKey key) {
  Variables results;
  if (!result_variable.empty()) {
    results.push_back({result_variable, value});
  } else if (value.is_context()) {
    for (const Value::Entry& entry : value.as_context()) results.push_back({entry.key, entry.value});
  }
  take_result(x, key, results);
}

}  // namespace fermata
