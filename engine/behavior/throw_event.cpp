// Intermediate throw and end events: what they throw, and then the token passes or is consumed. BPMN 2.0.2, 13.5.1 and 13.5.6.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/compensation.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/jobs.h"
#include "engine/behavior/shared/messages.h"
#include "engine/behavior/shared/propagation.h"

namespace fermata {
namespace {

Attempted<Thrown> evaluate_thrown(Execution& x, const Element& element, ElementInstanceKey key, std::string_view what) {
  Thrown thrown;
  if (!element.code) return thrown;
  const Attempted<std::string> code = evaluate_optional_text(x, element.code->code, key, what);
  if (!code) return tl::unexpected(code.error());
  const Attempted<std::string> message = evaluate_optional_text(x, element.code->message, key, "the error message");
  if (!message) return tl::unexpected(message.error());
  thrown.code = *code;
  thrown.message = *message;
  thrown.variables = x.state().variables_of(key);
  return thrown;
}

class ThrowEventBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    if (element.job) return create_job(x, element, key);
    switch (element.event) {
      case EventKind::message:
        if (Attempt done = throw_message(x, element, key); !done) return done;
        break;
      case EventKind::signal:
        if (Attempt done = throw_signal(x, element, key); !done) return done;
        break;
      case EventKind::escalation: {
        const Attempted<Thrown> thrown = evaluate_thrown(x, element, key, "the escalation code");
        if (!thrown) return tl::unexpected(thrown.error());
        throw_escalation(x, key, *thrown);  // may have interrupted this very event: then the step below finds it ended
        break;
      }
      case EventKind::error: {
        const Attempted<Thrown> thrown = evaluate_thrown(x, element, key, "the error code");
        if (!thrown) return tl::unexpected(thrown.error());
        throw_error(x, key, *thrown);  // ends this event, or leaves an incident on it
        return {};
      }
      case EventKind::compensation:
        set_active(x, key);
        if (start_next_compensation(x, key)) return {};
        break;
      case EventKind::none:
      case EventKind::timer:
      case EventKind::terminate: break;
    }
    x.push(CompleteStep{key});
    return {};
  }

  // BPMN 2.0.2, 13.5.6: a terminate end event ends everything else in its scope, which then completes.
  void completed(Execution& x, const Element& element, const ElementInstance& instance) const override {
    if (element.event != EventKind::terminate) return;
    x.withdraw_steps_of(instance.scope);
    terminate_children(x, instance.scope);
  }

 private:
  static Attempt throw_signal(Execution& x, const Element& element, ElementInstanceKey key) {
    const Attempted<std::string> name = evaluate_text(x, *element.signal->name, key, "the signal name");
    if (!name) return tl::unexpected(name.error());
    const auto trouble = x.surroundings().trouble_with_signal(*name);
    if (!trouble) return failed(IncidentType::extract_value_error, trouble.error().message);
    if (*trouble) return failed(IncidentType::limit_exceeded, **trouble);
    x.push(SignalStep{key, *name, x.state().variables_of(key)});  // before the step that completes this event
    return {};
  }
};

}  // namespace

const Behavior& throw_event_behavior() {
  static const ThrowEventBehavior behavior;
  return behavior;
}

}  // namespace fermata
