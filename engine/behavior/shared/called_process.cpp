#include "engine/behavior/shared/called_process.h"

#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/incidents.h"
#include "engine/behavior/shared/variables.h"

namespace fermata {

void take_mapped_results(Execution& x, const Element& element, ElementInstanceKey key, const Variables& of_called) {
  const ListedVariables called(of_called);
  Variables mapped;
  for (const Mapping& mapping : element.call->to_parent) {
    const Result<Value> value = mapping.source->evaluate({called, x.now()});
    if (!value) {
      set_local_variables(x, key, of_called);
      return raise_incident(x, key, {IncidentType::io_mapping_error, "a mapping out of the called process: " + value.error().message});
    }
    mapped.push_back({mapping.target.front(), *value});
  }
  // An inner instance of a multi-instance has its output in its own scope.
  merge_variables(x, x.instance(key).role == ElementRole::inner_instance ? key : x.instance(key).scope, mapped);
  x.push(CompleteStep{key});
}

}  // namespace fermata
