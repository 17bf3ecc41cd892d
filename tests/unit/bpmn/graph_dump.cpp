#include "tests/unit/bpmn/graph_dump.h"

#include <sstream>

#include "engine/base/json.h"

namespace fermata::bpmn::testing {
namespace {

class Dump {
 public:
  void graph(const ProcessGraph& graph) {
    field("version tag", graph.version_tag());
    for (const Element& item : graph.elements()) element(item);
    for (const SequenceFlow& flow : graph.flows()) {
      text_ << "flow " << flow.id << " " << flow.name << " " << flow.source << " " << flow.target << "\n";
      field("condition", flow.condition);
    }
  }
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  void field(const char* name, const std::string& value) { text_ << "  " << name << " '" << value << "'\n"; }
  void field(const char* name, std::int64_t value) { text_ << "  " << name << " " << value << "\n"; }
  void field(const char* name, const ExpressionPtr& value) {
    text_ << "  " << name << " ";
    if (value == nullptr) {
      text_ << "none\n";
    } else {
      text_ << value->text() << (value->constant() != nullptr ? " constant " + to_json(*value->constant()) : "") << "\n";
    }
  }
  void field(const char* name, const std::vector<Mapping>& mappings) {
    for (const Mapping& mapping : mappings) {
      std::string path;
      for (const std::string& part : mapping.target) path += "/" + part;
      field(name, path);
      field("from", mapping.source);
    }
  }
  void field(const char* name, const std::vector<ElementIndex>& indices) {
    text_ << "  " << name;
    for (const ElementIndex index : indices) text_ << " " << index;
    text_ << "\n";
  }

  void element(const Element& item) {
    text_ << "element " << item.id << " " << item.name << " " << static_cast<int>(item.kind) << " " << static_cast<int>(item.event) << "\n";
    field("scope", item.scope);
    field("default", item.default_flow);
    field("incoming", item.incoming);
    field("outgoing", item.outgoing);
    field("children", item.children);
    field("starts", item.start_events);
    field("event subprocesses", item.event_subprocesses);
    field("boundary", item.boundary_events);
    field("handler", item.compensation_handler);
    field("for compensation", item.is_for_compensation ? 1 : 0);
    field("attached", item.attached_to);
    field("interrupting", item.interrupting ? 1 : 0);
    field("compensates", item.compensate_activity);
    field("waits", item.wait_for_completion ? 1 : 0);
    field("input", item.inputs);
    field("output", item.outputs);
    field("outputs only", item.outputs_only ? 1 : 0);
    if (item.multi_instance) multi_instance(*item.multi_instance);
    event(item);
    work(item);
  }

  void multi_instance(const MultiInstance& multi) {
    field("sequential", multi.sequential ? 1 : 0);
    field("counter from", multi.counter_from);
    field("cardinality", multi.cardinality);
    field("collection", multi.collection);
    field("input element", multi.input_element);
    field("output collection", multi.output_collection);
    field("output element", multi.output_element);
    field("output variable", multi.output_variable);
    field("completion", multi.completion_condition);
  }

  void event(const Element& item) {
    if (item.timer) {
      field("timer", static_cast<int>(item.timer->type));
      field("time", item.timer->expression);
    }
    if (item.message) {
      field("message", item.message->name);
      field("correlation key", item.message->correlation_key);
    }
    if (item.signal) field("signal", item.signal->name);
    if (item.code) {
      field("code", item.code->code);
      field("code message", item.code->message);
      field("code variable", item.code->code_variable);
      field("message variable", item.code->message_variable);
    }
  }

  void work(const Element& item) {
    if (item.job) job(*item.job);
    if (item.user_task) user_task(*item.user_task);
    if (item.call) call(*item.call);
    if (item.script) {
      field("script", item.script->expression);
      field("result", item.script->result_variable);
    }
    if (item.decision) {
      field("decision", item.decision->decision_id);
      field("decision result", item.decision->result_variable);
      field("decision mapping", static_cast<int>(item.decision->mapping));
      binding(item.decision->binding);
    }
  }

  void job(const JobDefinition& job) {
    field("job", job.type);
    field("retries", job.retries);
    field("priority", job.priority);
    for (const auto& [key, value] : job.headers) field(key.c_str(), value);
    for (const std::string& delay : job.retry_delays) field("delay", delay);
    for (const auto& [condition, code] : job.error_conditions) {
      field("error if", condition);
      field("error", code);
    }
  }

  void user_task(const UserTaskDefinition& task) {
    field("assignee", task.assignee);
    field("users", task.candidate_users);
    field("groups", task.candidate_groups);
    field("due", task.due_date);
    field("follow up", task.follow_up_date);
    field("priority", task.priority);
    field("form id", task.form_id);
    field("form key", task.form_key);
  }

  void binding(const VersionBinding& binding) {
    field("binding", static_cast<int>(binding.kind));
    field("version", binding.version);
    field("tag", binding.version_tag);
  }

  void call(const CallDefinition& call) {
    field("called", call.process_id);
    binding(call.binding);
    field("all in", call.copy_all_to_child ? 1 : 0);
    field("all out", call.copy_all_to_parent ? 1 : 0);
    field("in", call.to_child);
    field("out", call.to_parent);
    field("business key", call.business_key);
  }

  std::ostringstream text_;
};

}  // namespace

std::string dump(const ProcessGraph& graph) {
  Dump dump;
  dump.graph(graph);
  return dump.text();
}

}  // namespace fermata::bpmn::testing
