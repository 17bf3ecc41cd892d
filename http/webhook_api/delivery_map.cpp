#include "http/webhook_api/delivery_map.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "engine/base/json.h"
#include "http/auth/crypto.h"
#include "http/server/url.h"
#include "http/webhooks/cloud_events.h"
#include "processes/feel/feel.h"

namespace fermata::http {

namespace {

class DeliveryScope : public VariableScope {
 public:
  void set(std::string name, Value value) { entries_.push_back({std::move(name), std::move(value)}); }
  [[nodiscard]] const Value* find(std::string_view name) const override {
    for (const Variable& entry : entries_) {
      if (entry.name == name) return &entry.value;
    }
    return nullptr;
  }

 private:
  std::vector<Variable> entries_;
};

bool is_confidential(std::string_view name, const Hook& hook) {
  static constexpr std::array<std::string_view, 4> never{"authorization", "proxy-authorization", "cookie", "x-api-key"};
  return std::find(never.begin(), never.end(), name) != never.end() ||
         equals_ignoring_case(name, hook.scheme.signature_header) || name == "svix-signature";
}

Value headers_value(const Headers& headers, const Hook& hook) {
  Value::Entries entries;
  for (const Header& field : headers) {
    std::string name = to_lower_ascii(field.name);
    if (is_confidential(name, hook)) continue;
    std::replace(name.begin(), name.end(), '-', '_');
    entries.push_back({std::move(name), Value::string(field.value)});
  }
  return Value::context(std::move(entries));
}

Value event_value(const CloudEvent& event) {
  const auto text = [](const std::string& value) { return value.empty() ? Value::null() : Value::string(value); };
  return Value::context({{"id", text(event.id)},
                         {"source", text(event.source)},
                         {"type", text(event.type)},
                         {"subject", text(event.subject)},
                         {"time", text(event.time)},
                         {"data", event.data},
                         {"extensions", Value::context(event.extensions)}});
}

Result<Template> compile_template(const Hook& hook, std::string_view setting, const std::string& text) {
  if (!text.starts_with('=')) return Template{text, nullptr};
  feel::CompileOptions options;
  options.known_names = {"body", "headers", "hook", "deliveryId", "receivedAt", "event"};
  auto compiled = feel::compile(std::string_view(text).substr(1), options);
  if (!compiled) {
    return fail(ErrorCode::invalid_argument, "Webhook '" + hook.name + "': the expression in '" + std::string(setting) +
                                                 "' is wrong: " + compiled.error().message);
  }
  return Template{{}, std::move(*compiled)};
}

tl::unexpected<Error> unusable(std::string_view setting, const std::string& what) {
  return fail(ErrorCode::invalid_argument, "The webhook's '" + std::string(setting) + "' " + what + ".");
}

Result<Value> evaluate(const Template& from, const EvaluationInput& input) {
  return from.expression ? from.expression->evaluate(input) : Result<Value>(Value::string(from.fixed));
}

/// A key, a name: a text that is not empty; numbers are written as FEEL writes them.
Result<std::string> evaluate_text(const Template& from, std::string_view setting, const EvaluationInput& input) {
  auto value = evaluate(from, input);
  if (!value) return unusable(setting, "cannot be evaluated: " + value.error().message);
  std::string text = value->is_string()   ? std::string(value->as_string())
                     : value->is_number() ? feel::to_feel_text(*value)
                                          : std::string();
  if (!text.empty()) return text;
  const std::string why = from.expression ? from.expression->explain(input) : std::string();
  return unusable(setting, "gives no text for this delivery" + (why.empty() ? "" : ": " + why));
}

Result<Variables> evaluate_variables(const Template& from, const Value& body, const EvaluationInput& input) {
  Value value = body.is_context() ? body : Value::context({{"body", body}});
  if (from.expression) {
    auto evaluated = from.expression->evaluate(input);
    if (!evaluated) return unusable("variables", "cannot be evaluated: " + evaluated.error().message);
    value = std::move(*evaluated);
  }
  if (!value.is_context()) return unusable("variables", "must give a context, such as ={order: body}");
  Variables variables;
  for (const Value::Entry& entry : value.as_context()) variables.push_back({entry.key, entry.value});
  return variables;
}

struct Item {
  std::string delivery_id;
  std::string fingerprint;
  Value body;
  Value event;
};

/// An event is one and the same when source and id are (CloudEvents 1.0, "id"). Hashed, because both may be long.
std::string event_id(const CloudEvent& event) {
  return "event:" + to_hex(sha256(to_json(Value::list({Value::string(event.source), Value::string(event.id)}))));
}

Result<std::vector<Item>> items_of(const Hook& hook, const ReceivedDelivery& delivery) {
  std::vector<Item> items;
  if (!is_cloud_event(delivery.headers)) {
    auto parsed = parse_json(delivery.body);
    Value body =
        parsed ? std::move(*parsed)
               : Value::string(is_valid_utf8(delivery.body) ? std::string(delivery.body) : to_base64(delivery.body));
    items.push_back({delivery.delivery_id, to_hex(sha256(delivery.body)), std::move(body), {}});
    return items;
  }
  auto events = parse_cloud_events(delivery.headers, delivery.body);
  if (!events) return fail(events.error());
  // No signature covers ce-* headers: who repeats a signed delivery with another ce-id must not make a new one of it.
  const bool is_unsigned = !hook.by_token && is_binary_cloud_event(delivery.headers);
  for (const CloudEvent& event : *events) {
    Value value = event_value(event);
    std::string id = is_unsigned ? delivery.delivery_id : event_id(event);
    std::string fingerprint = to_hex(is_unsigned ? sha256(delivery.body) : sha256(to_json(value)));
    items.push_back({std::move(id), std::move(fingerprint), event.data, std::move(value)});
  }
  return items;
}

Result<MappedDelivery> map_item(const CompiledHook& compiled, Item item, const EvaluationInput& input) {
  const HookAction action = compiled.hook.action;
  MappedDelivery mapped;
  mapped.delivery_id = std::move(item.delivery_id);
  mapped.fingerprint = std::move(item.fingerprint);
  const auto read = [&](const Template& from, std::string_view setting, std::string& into) -> Result<void> {
    auto text = evaluate_text(from, setting, input);
    if (!text) return fail(text.error());
    into = std::move(*text);
    return {};
  };
  if (action != HookAction::correlate) {
    if (auto done = read(compiled.process, "process", mapped.process); !done) return fail(done.error());
  }
  if (action != HookAction::start) {
    if (auto done = read(compiled.message, "message", mapped.message); !done) return fail(done.error());
    if (auto done = read(compiled.correlation_key, "correlationKey", mapped.correlation_key); !done)
      return fail(done.error());
  }
  if (!compiled.hook.business_key.empty()) {
    if (auto done = read(compiled.business_key, "businessKey", mapped.business_key); !done) return fail(done.error());
  } else if (action == HookAction::start_or_correlate) {
    mapped.business_key = mapped.correlation_key;
  }
  auto variables = evaluate_variables(compiled.variables, item.body, input);
  if (!variables) return fail(variables.error());
  mapped.variables = std::move(*variables);
  return mapped;
}

}  // namespace

Result<CompiledHookPtr> compile_hook(Hook hook) {
  auto compiled = std::make_shared<CompiledHook>();
  compiled->hook = std::move(hook);
  const Hook& source = compiled->hook;
  for (const auto& [setting, text, into] :
       {std::tuple{"when", &source.when, &compiled->when}, std::tuple{"process", &source.process, &compiled->process},
        std::tuple{"message", &source.message, &compiled->message},
        std::tuple{"correlationKey", &source.correlation_key, &compiled->correlation_key},
        std::tuple{"businessKey", &source.business_key, &compiled->business_key},
        std::tuple{"variables", &source.variables, &compiled->variables}}) {
    auto made = compile_template(source, setting, *text);
    if (!made) return fail(made.error());
    *into = std::move(*made);
  }
  for (const auto& [setting, text] : {std::pair{"when", &source.when}, std::pair{"variables", &source.variables}}) {
    if (!text->empty() && !text->starts_with('=')) {
      return fail(ErrorCode::invalid_argument,
                  "Webhook '" + source.name + "': '" + setting + "' is FEEL and begins with '='.");
    }
  }
  return CompiledHookPtr(std::move(compiled));
}

Result<std::vector<MappedDelivery>> map_delivery(const CompiledHook& compiled, const ReceivedDelivery& delivery) {
  auto items = items_of(compiled.hook, delivery);
  if (!items) return fail(items.error());
  std::vector<MappedDelivery> result;
  for (Item& item : *items) {
    DeliveryScope scope;
    scope.set("body", item.body);
    scope.set("headers", headers_value(delivery.headers, compiled.hook));
    scope.set("hook", Value::string(compiled.hook.name));
    scope.set("deliveryId", Value::string(item.delivery_id));
    scope.set("receivedAt", Value::string(format_iso8601(delivery.now)));
    scope.set("event", item.event);
    const EvaluationInput input{scope, delivery.now};
    if (compiled.when.expression) {
      auto wanted = compiled.when.expression->evaluate(input);
      if (!wanted) return unusable("when", "cannot be evaluated: " + wanted.error().message);
      if (!wanted->is_boolean() || !wanted->as_boolean()) continue;
    }
    auto mapped = map_item(compiled, std::move(item), input);
    if (!mapped) return fail(mapped.error());
    result.push_back(std::move(*mapped));
  }
  return result;
}

}  // namespace fermata::http
