#include "tests/simulation/models.h"

#include <cstdlib>

#include "engine/base/check.h"

namespace fermata::simulation {
namespace {

class Constant final : public Expression {
 public:
  explicit Constant(Value value) : value_(std::move(value)) {}
  [[nodiscard]] Result<Value> evaluate(const EvaluationInput&) const override { return value_; }
  [[nodiscard]] std::string_view text() const override { return "constant"; }
  [[nodiscard]] std::string explain(const EvaluationInput&) const override { return {}; }
  [[nodiscard]] const Value* constant() const override { return &value_; }

 private:
  Value value_;
};

class VariableOf final : public Expression {
 public:
  explicit VariableOf(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] Result<Value> evaluate(const EvaluationInput& input) const override {
    const Value* found = input.variables.find(name_);
    return found == nullptr ? Value::null() : *found;
  }
  [[nodiscard]] std::string_view text() const override { return name_; }
  [[nodiscard]] std::string explain(const EvaluationInput&) const override { return "there is no variable " + name_; }

 private:
  std::string name_;
};

class AtLeast final : public Expression {
 public:
  AtLeast(std::string name, std::int64_t bound) : name_(std::move(name)), bound_(Decimal::from_int64(bound)) {}
  [[nodiscard]] Result<Value> evaluate(const EvaluationInput& input) const override {
    const Value* found = input.variables.find(name_);
    return Value::boolean(found != nullptr && found->is_number() && found->as_number() >= bound_);
  }
  [[nodiscard]] std::string_view text() const override { return name_; }
  [[nodiscard]] std::string explain(const EvaluationInput&) const override { return {}; }

 private:
  std::string name_;
  Decimal bound_;
};

// A thin hand on the builder: elements by kind, flows without ids to invent.
struct Draft {
  explicit Draft(const std::string& id) : builder(id, id) {}

  ElementIndex add(ElementKind kind, std::string id, ElementIndex scope = process_element) {
    Element element;
    element.id = std::move(id);
    element.kind = kind;
    element.scope = scope;
    return builder.add(std::move(element));
  }
  ElementIndex job(std::string id, ElementIndex scope = process_element) {
    JobDefinition definition;
    definition.type = text(id);
    const ElementIndex made = add(ElementKind::service_task, std::move(id), scope);
    at(made).job = std::move(definition);
    return made;
  }
  FlowIndex flow(ElementIndex from, ElementIndex to, ExpressionPtr condition = nullptr) {
    SequenceFlow made;
    made.id = "f" + std::to_string(++flows);
    made.source = from;
    made.target = to;
    made.condition = std::move(condition);
    return builder.connect(std::move(made));
  }
  void chain(std::initializer_list<ElementIndex> elements) {
    for (auto at = elements.begin(); at + 1 != elements.end(); ++at) flow(*at, *(at + 1));
  }
  ElementIndex start(ElementIndex scope = process_element) { return add(ElementKind::start_event, "start" + std::to_string(scope), scope); }
  ElementIndex end(std::string id = "end", ElementIndex scope = process_element) { return add(ElementKind::end_event, std::move(id), scope); }
  ElementIndex boundary(std::string id, ElementIndex attached_to, EventKind event, bool interrupting, ElementIndex scope = process_element) {
    const ElementIndex made = add(ElementKind::boundary_event, std::move(id), scope);
    at(made).event = event;
    at(made).attached_to = attached_to;
    at(made).interrupting = interrupting;
    return made;
  }
  Element& at(ElementIndex index) { return builder.element(index); }
  ProcessGraphPtr done() { return std::move(builder).build(); }

  GraphBuilder builder;
  int flows = 0;
};

TimerDefinition timer(TimerDefinition::Type type, std::string value) { return TimerDefinition{type, text(std::move(value))}; }

ProcessGraphPtr linear() {
  Draft d("linear");
  d.chain({d.start(), d.job("a"), d.job("b"), d.end()});
  return d.done();
}

ProcessGraphPtr fork() {
  Draft d("fork");
  const auto split = d.add(ElementKind::parallel_gateway, "split");
  const auto join = d.add(ElementKind::parallel_gateway, "join");
  d.chain({d.start(), split, d.job("a"), join, d.end()});
  d.chain({split, d.job("b"), join});
  return d.done();
}

ProcessGraphPtr either() {
  Draft d("either");
  const auto split = d.add(ElementKind::inclusive_gateway, "split");
  const auto join = d.add(ElementKind::inclusive_gateway, "join");
  const auto a = d.job("a");
  const auto b = d.job("b");
  d.flow(d.start(), split);
  d.flow(split, a, at_least("order", 1));
  d.flow(split, b, at_least("order", 5));
  const FlowIndex otherwise = d.flow(split, join);
  d.at(split).default_flow = otherwise;
  d.chain({a, join, d.end()});
  d.flow(b, join);
  return d.done();
}

ProcessGraphPtr loop() {
  Draft d("loop");
  const auto work = d.job("a");
  const auto choice = d.add(ElementKind::exclusive_gateway, "choice");
  d.chain({d.start(), work, choice});
  d.flow(choice, d.end(), at_least("done", 1));
  const FlowIndex back = d.flow(choice, work);
  d.at(choice).default_flow = back;
  return d.done();
}

ProcessGraphPtr boundary() {
  Draft d("boundary");
  const auto work = d.job("slow");
  d.chain({d.start(), work, d.end()});
  const auto late = d.boundary("late", work, EventKind::timer, true);
  d.at(late).timer = timer(TimerDefinition::Type::duration, "PT10M");
  d.chain({late, d.job("b"), d.end("late_end")});
  const auto remind = d.boundary("remind", work, EventKind::timer, false);
  d.at(remind).timer = timer(TimerDefinition::Type::cycle, "R3/PT2M");
  d.chain({remind, d.job("a"), d.end("reminded")});
  const auto failed = d.boundary("failed", work, EventKind::error, true);
  d.at(failed).code = CodeDefinition{text("BROKEN"), nullptr, "code", ""};
  d.chain({failed, d.end("failed_end")});
  return d.done();
}

ElementIndex message_catch(Draft& d, ElementKind kind, std::string id, std::string name) {
  const auto made = d.add(kind, std::move(id));
  d.at(made).event = EventKind::message;
  d.at(made).message = MessageDefinition{text(std::move(name)), variable("order")};
  return made;
}

ProcessGraphPtr race() {
  Draft d("race");
  const auto gateway = d.add(ElementKind::event_based_gateway, "which");
  const auto paid = message_catch(d, ElementKind::intermediate_catch_event, "paid", "paid");
  const auto expired = d.add(ElementKind::intermediate_catch_event, "expired");
  d.at(expired).event = EventKind::timer;
  d.at(expired).timer = timer(TimerDefinition::Type::duration, "PT30M");
  d.chain({d.start(), gateway, paid, d.job("a"), d.end()});
  d.chain({gateway, expired, d.end("expired_end")});
  return d.done();
}

ProcessGraphPtr people() {
  Draft d("people");
  const auto approve = d.add(ElementKind::user_task, "approve");
  d.at(approve).user_task = UserTaskDefinition{};
  d.chain({d.start(), approve, d.job("a"), d.end()});
  return d.done();
}

ProcessGraphPtr caller() {
  Draft d("caller");
  const auto call = d.add(ElementKind::call_activity, "call");
  CallDefinition definition;
  definition.process_id = text("linear");
  d.at(call).call = std::move(definition);
  d.chain({d.start(), call, d.job("a"), d.end()});
  return d.done();
}

ProcessGraphPtr family() {
  Draft d("family");
  const auto calls = [&d](std::string id, std::string items) {
    const auto made = d.add(ElementKind::call_activity, std::move(id));
    CallDefinition definition;
    definition.process_id = text("linear");
    definition.copy_all_to_parent = false;
    d.at(made).call = std::move(definition);
    MultiInstance multi;
    multi.collection = variable(std::move(items));
    d.at(made).multi_instance = std::move(multi);
    return made;
  };
  const auto pause = d.add(ElementKind::intermediate_catch_event, "pause");
  d.at(pause).event = EventKind::timer;
  d.at(pause).timer = timer(TimerDefinition::Type::duration, "PT10S");
  d.chain({d.start(), d.job("a"), calls("elder", "items"), pause, calls("younger", "later"), d.end()});
  return d.done();
}

ProcessGraphPtr many() {
  Draft d("many");
  const auto at_once = d.job("a");
  const auto in_turn = d.job("b");
  for (const auto index : {at_once, in_turn}) {
    MultiInstance multi;
    multi.sequential = index == in_turn;
    multi.collection = variable("items");
    multi.input_element = "item";
    multi.output_collection = index == in_turn ? "second" : "first";
    multi.output_element = variable("item");
    d.at(index).multi_instance = std::move(multi);
  }
  d.chain({d.start(), at_once, in_turn, d.end()});
  return d.done();
}

ProcessGraphPtr saga() {
  Draft d("saga");
  const auto sub = d.add(ElementKind::subprocess, "sub");
  const auto book = d.job("a", sub);
  const auto pay = d.job("b", sub);
  const auto ship = d.job("slow", sub);
  d.chain({d.start(sub), book, pay, ship, d.end("sub_end", sub)});
  const auto failed = d.add(ElementKind::event_subprocess, "on_error", sub);
  const auto caught = d.start(failed);
  d.at(caught).event = EventKind::error;
  d.at(caught).code = CodeDefinition{};
  const auto undo = d.add(ElementKind::intermediate_throw_event, "undo", failed);
  d.at(undo).event = EventKind::compensation;
  d.chain({caught, undo, d.end("undone", failed)});
  for (const auto activity : {book, pay}) {
    const std::string id = activity == book ? "undo_book" : "undo_pay";
    const auto handler = d.job(id, sub);
    d.at(handler).is_for_compensation = true;
    d.at(activity).compensation_handler = handler;
  }
  d.chain({d.start(), sub, d.end()});
  return d.done();
}

// Shows its input as a table of DMN would.
class SizeDecision final : public DecisionModel {
 public:
  [[nodiscard]] Result<DecisionResult> evaluate(std::string_view decision_id, const Value& variables, Timestamp) const override {
    if (decision_id != "size") return fail(ErrorCode::not_found, "there is no such decision");
    const Value* found = variables.find("order");
    const Value order = found == nullptr ? Value::null() : *found;
    const bool large = order.is_number() && order.as_number() >= Decimal::from_int64(5);
    DecisionReport report;
    report.decision_id = "size";
    report.name = "Size";
    report.type = "decisionTable";
    report.inputs = Value::list({Value::context({{"id", Value::string("order")}, {"name", Value::string("order")}, {"value", order}})});
    report.result = Value::string(large ? "large" : "small");
    DecisionResult made;
    made.value = report.result;
    made.has_result = true;
    made.outputs = {"size"};
    made.decisions.push_back(std::move(report));
    return made;
  }
};

ProcessGraphPtr decided() {
  Draft d("decided");
  const auto ask = d.add(ElementKind::business_rule_task, "ask");
  DecisionReference reference;
  reference.decision_id = text("size");
  reference.result_variable = "size";
  d.at(ask).decision = std::move(reference);
  d.chain({d.start(), ask, d.job("a"), d.end()});
  return d.done();
}

ProcessGraphPtr by_message() {
  Draft d("by_message");
  const auto go = message_catch(d, ElementKind::start_event, "go", "go");
  d.at(go).message->correlation_key = nullptr;
  const auto paid = message_catch(d, ElementKind::receive_task, "paid", "paid");
  d.chain({go, paid, d.end()});
  return d.done();
}

const std::vector<std::pair<std::string, ProcessGraphPtr>>& models() {
  static const std::vector<std::pair<std::string, ProcessGraphPtr>> all = {
      {"linear", linear()}, {"fork", fork()},     {"either", either()}, {"loop", loop()}, {"boundary", boundary()},     {"race", race()},
      {"people", people()}, {"caller", caller()}, {"family", family()}, {"many", many()},     {"saga", saga()}, {"decided", decided()},
      {"by_message", by_message()},
  };
  return all;
}

}  // namespace

ExpressionPtr constant(Value value) { return std::make_shared<Constant>(std::move(value)); }
ExpressionPtr variable(std::string name) { return std::make_shared<VariableOf>(std::move(name)); }
ExpressionPtr at_least(std::string name, std::int64_t bound) { return std::make_shared<AtLeast>(std::move(name), bound); }

const std::vector<std::string>& model_ids() {
  static const std::vector<std::string> ids = [] {
    std::vector<std::string> made;
    for (const auto& [id, graph] : models()) made.push_back(id);
    return made;
  }();
  return ids;
}

ProcessGraphPtr model(const std::string& process_id) {
  for (const auto& [id, graph] : models()) {
    if (id == process_id) return graph;
  }
  FERMATA_CHECK(false, "there is no such model");
  std::abort();  // not reached; g++ 12 does not see that at -O0 under ThreadSanitizer
}

ClientCommand deploy_models() {
  Deploy deploy;
  for (const auto& [id, graph] : models()) {
    DeployResource resource;
    resource.name = id + ".bpmn";
    resource.kind = "bpmn";
    resource.content = id;
    resource.checksum = id;
    resource.processes.push_back({id, id, graph});
    deploy.resources.push_back(std::move(resource));
  }
  DeployResource decisions;
  decisions.name = "size.dmn";
  decisions.kind = "dmn";
  decisions.content = "size";
  decisions.checksum = "size";
  decisions.decisions = DeployResource::Decisions{"sizes", "Sizes", false, std::make_shared<const SizeDecision>(), {{"size", "Size", ""}}};
  deploy.resources.push_back(std::move(decisions));
  return deploy;
}

Result<std::vector<DeployResource::Process>> compile_models(const Resource& resource) {
  return std::vector<DeployResource::Process>{{resource.content, resource.content, model(resource.content)}};
}

Result<DecisionModelPtr> compile_decisions(const Resource&, const std::vector<Resource>&) { return std::make_shared<const SizeDecision>(); }

}  // namespace fermata::simulation
