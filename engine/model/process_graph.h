// ProcessGraph: one executable process, compiled to dense vectors and indices. What decide() runs on.
//
// Floor 1. Made by processes/bpmn (or by GraphBuilder in tests), never changed afterwards, shared between threads.
// Element 0 is the process itself. Indices are stable for one deployed version: rows keep the element id, not the index.
//
//   const Element& task = graph.element(index);
//   for (FlowIndex flow : task.outgoing) visit(graph.flow(flow).target);
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/model/element_kind.h"
#include "engine/model/expression.h"

namespace fermata {

using ElementIndex = std::uint32_t;
using FlowIndex = std::uint32_t;
inline constexpr ElementIndex process_element = 0;
inline constexpr ElementIndex no_element = UINT32_MAX;
inline constexpr FlowIndex no_flow = UINT32_MAX;

/// `target` is a variable name or a path: {"order", "id"} writes the entry `id` of the context variable `order`.
struct Mapping {
  ExpressionPtr source;
  std::vector<std::string> target;
};

struct TimerDefinition {
  enum class Type : std::uint8_t { date, duration, cycle };
  Type type = Type::duration;
  ExpressionPtr expression;  ///< yields text (ISO 8601, R5/PT1H, cron) or a FEEL temporal value
};

struct MessageDefinition {
  ExpressionPtr name;             ///< constant for start events of a process
  ExpressionPtr correlation_key;  ///< null: start event, or correlation by business key and variables (Camunda 7)
};

struct SignalDefinition {
  ExpressionPtr name;
};

/// Error and escalation references. A catching event without a code catches every code.
struct CodeDefinition {
  ExpressionPtr code;            ///< null: no code
  ExpressionPtr message;         ///< of a throwing error event; may be null
  std::string code_variable;     ///< of a catching event: where the code is stored; may be empty
  std::string message_variable;  ///< of a catching event; may be empty
};

/// Work for somebody outside: a job worker, an external task client, an activity plugin.
struct JobDefinition {
  ExpressionPtr type;
  ExpressionPtr retries;                                      ///< null: the engine's default, 3
  ExpressionPtr priority;                                     ///< null: 0
  std::vector<std::pair<std::string, std::string>> headers;   ///< zeebe:taskHeaders, camunda:properties
  std::vector<std::string> retry_delays;                      ///< ISO 8601 durations; the last repeats; empty: the engine's backoff
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> error_conditions;  ///< camunda:errorEventDefinition: condition -> error code
};

struct UserTaskDefinition {
  ExpressionPtr assignee;
  ExpressionPtr candidate_users;   ///< yields a list, or text separated by commas
  ExpressionPtr candidate_groups;
  ExpressionPtr due_date;
  ExpressionPtr follow_up_date;
  ExpressionPtr priority;          ///< null: 50
  std::string form_id;             ///< a deployed form
  ExpressionPtr form_key;          ///< an opaque reference for a task list
};

/// Which version of a process or decision is meant.
struct VersionBinding {
  enum class Kind : std::uint8_t { latest, deployment, version, version_tag };
  Kind kind = Kind::latest;
  ExpressionPtr version;    ///< of Kind::version
  std::string version_tag;  ///< of Kind::version_tag
};

struct CallDefinition {
  ExpressionPtr process_id;
  VersionBinding binding;
  bool copy_all_to_child = true;   ///< zeebe propagateAllParentVariables, camunda in variables="all"
  bool copy_all_to_parent = true;  ///< zeebe propagateAllChildVariables, camunda out variables="all"
  std::vector<Mapping> to_child;   ///< camunda:in, evaluated in the parent
  std::vector<Mapping> to_parent;  ///< camunda:out, evaluated in the child
  ExpressionPtr business_key;      ///< null: none
};

struct ScriptDefinition {
  ExpressionPtr expression;
  std::string result_variable;  ///< empty: a context result is merged into the variables, anything else is dropped
};

struct DecisionReference {
  /// What becomes of the result. `value`: as the decision gives it. The others are Camunda 7's, for which a result is a list of contexts,
  /// one for each rule that matched, with an entry for each output.
  enum class Mapping : std::uint8_t { value, single_entry, single_result, collect_entries, result_list };
  ExpressionPtr decision_id;
  VersionBinding binding;
  std::string result_variable;  ///< empty: the result is not kept
  Mapping mapping = Mapping::value;
};

struct MultiInstance {
  bool sequential = false;
  std::int32_t counter_from = 1;  ///< loopCounter of the first inner instance: 1 (Camunda 8) or 0 (Camunda 7)
  ExpressionPtr cardinality;     ///< loopCardinality; or null
  ExpressionPtr collection;      ///< or null
  std::string input_element;     ///< variable of each inner instance; may be empty
  std::string output_collection;
  ExpressionPtr output_element;
  std::string output_variable;   ///< head of the output element: local to each inner instance, null at first; may be empty
  ExpressionPtr completion_condition;  ///< evaluated once per completed inner instance; or null
};

struct Element {
  std::string id;
  std::string name;
  ElementKind kind = ElementKind::task;
  EventKind event = EventKind::none;
  ElementIndex index = 0;
  ElementIndex scope = no_element;  ///< the flow scope that contains it; no_element for the process
  int line = 0;                     ///< of the XML it was compiled from

  std::vector<FlowIndex> incoming;
  std::vector<FlowIndex> outgoing;
  FlowIndex default_flow = no_flow;

  // Of a flow scope
  std::vector<ElementIndex> children;
  std::vector<ElementIndex> start_events;
  std::vector<ElementIndex> event_subprocesses;

  // Of an activity
  std::vector<ElementIndex> boundary_events;                 ///< without the compensation one
  ElementIndex compensation_handler = no_element;            ///< the activity that undoes this one
  bool is_for_compensation = false;
  std::optional<MultiInstance> multi_instance;

  // Of an event
  ElementIndex attached_to = no_element;  ///< of a boundary event
  bool interrupting = true;               ///< cancelActivity of a boundary event, isInterrupting of an event subprocess start
  std::optional<TimerDefinition> timer;
  std::optional<MessageDefinition> message;  ///< also of receive and send tasks
  std::optional<SignalDefinition> signal;
  std::optional<CodeDefinition> code;            ///< error and escalation
  ElementIndex compensate_activity = no_element;  ///< activityRef of a compensation throw; none: the whole scope
  bool wait_for_completion = true;

  std::vector<Mapping> inputs;   ///< evaluated in order when it is activated, into its own scope
  std::vector<Mapping> outputs;  ///< evaluated in order when it completes, into the enclosing scope
  /// With outputs, what a job, message or called process brings stays local unless it is mapped (Zeebe). False: it is set where it would
  /// be set without outputs, and they see it there (Camunda 7).
  bool outputs_only = true;
  std::optional<JobDefinition> job;
  std::optional<UserTaskDefinition> user_task;
  std::optional<CallDefinition> call;
  std::optional<ScriptDefinition> script;
  std::optional<DecisionReference> decision;
};

struct SequenceFlow {
  std::string id;
  std::string name;
  FlowIndex index = 0;
  ElementIndex source = 0;
  ElementIndex target = 0;
  ExpressionPtr condition;  ///< null: unconditional
};

/// For one inclusive gateway with several incoming flows: which elements lie upstream of each incoming flow.
/// BPMN 2.0.2, 13.4.3: `upstream[i][e]` says that a token at element e has a path to incoming flow i that does not visit the gateway.
struct UpstreamSets {
  std::vector<std::vector<bool>> upstream;  ///< one row per incoming flow, in the order of Element::incoming; one bit per element
};

class ProcessGraph {
 public:
  [[nodiscard]] const Element& element(ElementIndex index) const { return elements_[index]; }
  [[nodiscard]] const SequenceFlow& flow(FlowIndex index) const { return flows_[index]; }
  [[nodiscard]] std::span<const Element> elements() const { return elements_; }
  [[nodiscard]] std::span<const SequenceFlow> flows() const { return flows_; }
  [[nodiscard]] const Element& process() const { return elements_.front(); }

  /// no_element when the id is unknown.
  [[nodiscard]] ElementIndex find_element(std::string_view id) const;
  [[nodiscard]] FlowIndex find_flow(std::string_view id) const;

  /// Of an inclusive gateway with more than one incoming flow; otherwise nullptr.
  [[nodiscard]] const UpstreamSets* upstream_of(ElementIndex gateway) const;

  /// The none start event of the process, or no_element: then it is only started by its events.
  [[nodiscard]] ElementIndex none_start_event() const;

  [[nodiscard]] const std::string& version_tag() const { return version_tag_; }

 private:
  friend class GraphBuilder;
  std::vector<Element> elements_;
  std::vector<SequenceFlow> flows_;
  std::unordered_map<std::string, ElementIndex> element_by_id_;
  std::unordered_map<std::string, FlowIndex> flow_by_id_;
  std::unordered_map<ElementIndex, UpstreamSets> upstream_;
  std::string version_tag_;
};

using ProcessGraphPtr = std::shared_ptr<const ProcessGraph>;

}  // namespace fermata
