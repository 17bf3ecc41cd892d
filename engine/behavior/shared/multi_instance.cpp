#include "engine/behavior/shared/multi_instance.h"

#include <algorithm>

#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/variables.h"

namespace fermata {
namespace {

struct Input {
  std::int64_t count = 0;
  Value items;  ///< null with a cardinality
};

Attempted<Input> evaluate_input(Execution& x, const MultiInstance& definition, ElementInstanceKey body) {
  Input input;
  if (definition.collection) {
    Attempted<Value> items = evaluate(x, *definition.collection, body, "the input collection");
    if (!items) return tl::unexpected(items.error());
    if (!items->is_list()) {
      return failed(IncidentType::extract_value_error,
                    "the input collection '" + std::string(definition.collection->text()) + "' must give a list");
    }
    input.count = static_cast<std::int64_t>(items->as_list().size());
    input.items = std::move(*items);
  } else {
    const Attempted<std::int64_t> count = evaluate_integer(x, *definition.cardinality, body, "the loop cardinality");
    if (!count) return tl::unexpected(count.error());
    input.count = *count;
  }
  if (input.count < 0 || input.count > static_cast<std::int64_t>(limits::multi_instance_width_max)) {
    return failed(IncidentType::limit_exceeded, "a multi-instance activity may have 0 to " + std::to_string(limits::multi_instance_width_max) +
                                                    " instances, but this one would have " + std::to_string(input.count));
  }
  return input;
}

void start_inner(Execution& x, const Element& element, ElementInstanceKey body, std::int32_t counter, const Value& items) {
  ElementInstance inner;
  inner.key = x.new_key<ElementInstanceKey>();
  inner.scope = body;
  inner.element = element.index;
  inner.element_id = element.id;
  inner.kind = element.kind;
  inner.role = ElementRole::inner_instance;
  inner.loop_counter = counter;
  inner.started_at = x.now();
  const ElementInstanceKey key = inner.key;
  x.emit(ElementEntered{std::move(inner)});
  const MultiInstance& definition = *element.multi_instance;
  set_variable(x, key, "loopCounter", Value::integer(definition.counter_from + counter - 1));
  if (!definition.output_variable.empty()) set_variable(x, key, definition.output_variable, Value::null());
  if (!definition.input_element.empty() && items.is_list()) {
    set_variable(x, key, definition.input_element, items.as_list()[static_cast<std::size_t>(counter) - 1]);
  }
  x.push(ActivateStep{key});
}

MultiInstanceProgressed progress_of(const ElementInstance& body) {
  MultiInstanceProgressed progress;
  progress.body = body.key;
  progress.loop_counter = body.loop_counter;
  progress.instances_total = body.instances_total;
  progress.instances_completed = body.instances_completed;
  progress.instances_terminated = body.instances_terminated;
  return progress;
}

std::int32_t live_inner_instances(const Execution& x, ElementInstanceKey body) {
  return static_cast<std::int32_t>(std::count_if(x.state().elements.begin(), x.state().elements.end(), [body](const ElementInstance& inner) {
    return inner.scope == body && inner.role == ElementRole::inner_instance && is_live(inner.status);
  }));
}

void end_early(Execution& x, ElementInstanceKey body) {
  MultiInstanceProgressed progress = progress_of(x.instance(body));
  progress.instances_terminated += live_inner_instances(x, body);
  terminate_children(x, body);
  x.emit(progress);
  x.push(CompleteStep{body});
}

}  // namespace

Attempt open_multi_instance(Execution& x, const Element& element, ElementInstanceKey body) {
  const MultiInstance& definition = *element.multi_instance;
  const Attempted<Input> input = evaluate_input(x, definition, body);
  if (!input) return tl::unexpected(input.error());
  MultiInstanceOpened opened;
  opened.body = body;
  opened.instances_total = static_cast<std::int32_t>(input->count);
  if (definition.sequential) opened.items = input->items;
  if (!definition.output_collection.empty()) opened.outputs = Value::list(Value::List(static_cast<std::size_t>(input->count)));
  x.emit(std::move(opened));
  set_active(x, body);
  if (input->count == 0) {
    x.push(CompleteStep{body});
    return {};
  }
  const std::int32_t first_wave = definition.sequential ? 1 : static_cast<std::int32_t>(input->count);
  for (std::int32_t counter = 1; counter <= first_wave; ++counter) start_inner(x, element, body, counter, input->items);
  MultiInstanceProgressed progress = progress_of(x.instance(body));
  progress.loop_counter = first_wave;
  x.emit(progress);
  return {};
}

Attempted<InnerResult> evaluate_inner_result(Execution& x, const Element& element, ElementInstanceKey inner) {
  const MultiInstance& definition = *element.multi_instance;
  InnerResult result;
  if (definition.output_element && !definition.output_collection.empty()) {
    const Attempted<Value> output = evaluate(x, *definition.output_element, inner, "the output element");
    if (!output) return tl::unexpected(output.error());
    result.output = output->is_boxed() ? output->as_boxed().stored_form() : *output;
  }
  if (definition.completion_condition) {
    const ScopeVariables variables(x, inner, &result.output);
    const Result<Value> met = definition.completion_condition->evaluate({variables, x.now()});
    if (!met || !met->is_boolean()) {
      return failed(IncidentType::condition_error, "the completion condition '" + std::string(definition.completion_condition->text()) +
                                                       "' must give true or false" + (met ? "" : ": " + met.error().message));
    }
    result.condition_met = met->as_boolean();
  }
  return result;
}

void inner_instance_completed(Execution& x, const Element& element, const ElementInstance& inner, const InnerResult& result) {
  const MultiInstance& definition = *element.multi_instance;
  const ElementInstanceKey body = inner.scope;
  MultiInstanceProgressed progress = progress_of(x.instance(body));
  ++progress.instances_completed;
  if (definition.output_element && !definition.output_collection.empty()) {
    progress.output_of = inner.loop_counter;
    progress.output = result.output;
  }
  x.emit(progress);
  if (result.condition_met) return end_early(x, body);
  const ElementInstance& now = x.instance(body);
  if (definition.sequential && now.loop_counter < now.instances_total) {
    const std::int32_t next = now.loop_counter + 1;
    const Value items = now.items;
    start_inner(x, element, body, next, items);
    MultiInstanceProgressed started = progress_of(x.instance(body));
    started.loop_counter = next;
    x.emit(started);
  } else if (live_inner_instances(x, body) == 0) {
    x.push(CompleteStep{body});
  }
}

void inner_instance_terminated(Execution& x, ElementInstanceKey body) {
  MultiInstanceProgressed progress = progress_of(x.instance(body));
  ++progress.instances_terminated;
  x.emit(progress);
}

void publish_outputs(Execution& x, const Element& element, ElementInstanceKey body) {
  const ElementInstance& instance = x.instance(body);
  if (element.multi_instance->output_collection.empty()) return;
  merge_variables(x, instance.scope, {{element.multi_instance->output_collection, instance.outputs}});
}

}  // namespace fermata
