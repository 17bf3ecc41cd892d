#include "engine/core/client_command.h"

#include "engine/base/json.h"
#include "engine/record/codec.h"

namespace fermata {
namespace {

Value key_value(std::int64_t key) { return Value::integer(key); }

template <class Key>
Key read_key(const Value& json, std::string_view name) {
  const Value* found = json.find(name);
  const auto number = found != nullptr && found->is_number() ? to_int64(found->as_number()) : std::nullopt;
  return Key{number.value_or(0)};
}

template <class Entity>
Value entity_value(const Entity& entity) {
  const Result<Value> parsed = parse_json(encode_entity(entity));
  return parsed ? *parsed : Value();
}

template <class Entity>
Value entity_values(const std::vector<Entity>& entities) {
  Value::List list;
  for (const Entity& entity : entities) list.push_back(entity_value(entity));
  return Value::list(std::move(list));
}

template <class Entity>
Entity read_entity(const Value& json, std::string_view name) {
  const Value* found = json.find(name);
  return found == nullptr ? Entity{} : decode_entity<Entity>(*found).value_or(Entity{});
}

template <class Entity>
std::vector<Entity> read_entities(const Value& json, std::string_view name) {
  std::vector<Entity> entities;
  const Value* list = json.find(name);
  if (list == nullptr || !list->is_list()) return entities;
  for (const Value& item : list->as_list()) {
    if (std::optional<Entity> entity = decode_entity<Entity>(item)) entities.push_back(std::move(*entity));
  }
  return entities;
}

std::string read_text(const Value& json, std::string_view name) {
  const Value* found = json.find(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

Value encode_instances(const std::vector<ProcessInstanceKey>& instances) {
  Value::List list;
  for (const ProcessInstanceKey key : instances) list.push_back(key_value(key.raw()));
  return Value::list(std::move(list));
}

std::vector<ProcessInstanceKey> read_instances(const Value& json) {
  std::vector<ProcessInstanceKey> keys;
  const Value* list = json.find("instances");
  if (list == nullptr || !list->is_list()) return keys;
  for (const Value& item : list->as_list()) {
    if (item.is_number()) keys.emplace_back(to_int64(item.as_number()).value_or(0));
  }
  return keys;
}

struct Encoder {
  Value operator()(const Done&) const { return Value::context({{"kind", Value::string("done")}}); }
  Value operator()(const Deployed& reply) const {
    Value::List forms;
    for (const Resource& form : reply.forms) {
      forms.push_back(Value::context({{"key", key_value(form.key.raw())}, {"deployment", key_value(form.deployment.raw())},
                                      {"name", Value::string(form.name)}, {"formId", Value::string(form.form_id)},
                                      {"version", Value::integer(form.version)}}));
    }
    return Value::context({{"kind", Value::string("deployed")}, {"key", key_value(reply.key.raw())}, {"at", Value::integer(reply.at.ms)},
                           {"definitions", entity_values(reply.definitions)}, {"forms", Value::list(std::move(forms))},
                           {"decisions", entity_values(reply.decisions)}});
  }
  Value operator()(const InstanceCreated& reply) const {
    return Value::context({{"kind", Value::string("instanceCreated")}, {"instance", key_value(reply.instance.raw())},
                           {"definition", entity_value(reply.definition)}, {"businessKey", Value::string(reply.business_key)}});
  }
  // A lease is not given twice: whoever repeats an activation gets none, and what was leased comes back when its time is over.
  Value operator()(const JobsActivated&) const { return Value::context({{"kind", Value::string("jobsActivated")}}); }
  Value operator()(const MessageAccepted& reply) const {
    return Value::context({{"kind", Value::string("messageAccepted")}, {"message", key_value(reply.message.raw())},
                           {"instances", encode_instances(reply.instances)}, {"started", Value::boolean(reply.started_instance)}});
  }
  Value operator()(const SignalAccepted& reply) const {
    return Value::context({{"kind", Value::string("signalAccepted")}, {"signal", key_value(reply.signal.raw())},
                           {"instances", encode_instances(reply.instances)}});
  }
  Value operator()(const DecisionAnswered& reply) const {
    return Value::context({{"kind", Value::string("decisionAnswered")}, {"decision", entity_value(reply.decision)}, {"value", reply.value},
                           {"resultList", reply.result_list}, {"instances", entity_values(reply.instances)}});
  }
};

Deployed read_deployed(const Value& json) {
  Deployed reply;
  reply.key = read_key<DeploymentKey>(json, "key");
  reply.at = Timestamp{read_key<DeploymentKey>(json, "at").raw()};
  reply.definitions = read_entities<Definition>(json, "definitions");
  reply.decisions = read_entities<DecisionDefinition>(json, "decisions");
  if (const Value* list = json.find("forms"); list != nullptr && list->is_list()) {
    for (const Value& item : list->as_list()) {
      Resource form;
      form.key = read_key<ResourceKey>(item, "key");
      form.deployment = read_key<DeploymentKey>(item, "deployment");
      form.name = read_text(item, "name");
      form.form_id = read_text(item, "formId");
      form.version = static_cast<std::int32_t>(read_key<ResourceKey>(item, "version").raw());
      reply.forms.push_back(std::move(form));
    }
  }
  return reply;
}

}  // namespace

std::string encode_reply(const Reply& reply) { return to_json(std::visit(Encoder{}, reply)); }

Result<Reply> decode_reply(std::string_view text) {
  const Result<Value> json = parse_json(text);
  if (!json) return fail(ErrorCode::data_loss, "a remembered answer cannot be read: " + json.error().message);
  const std::string kind = read_text(*json, "kind");
  if (kind == "done") return Reply(Done{});
  if (kind == "deployed") return Reply(read_deployed(*json));
  if (kind == "instanceCreated") {
    return Reply(InstanceCreated{read_key<ProcessInstanceKey>(*json, "instance"), read_entity<Definition>(*json, "definition"),
                                 read_text(*json, "businessKey")});
  }
  if (kind == "jobsActivated") return Reply(JobsActivated{});
  if (kind == "messageAccepted") {
    const Value* started = json->find("started");
    return Reply(MessageAccepted{read_key<MessageKey>(*json, "message"), read_instances(*json),
                                 started != nullptr && started->is_boolean() && started->as_boolean()});
  }
  if (kind == "signalAccepted") return Reply(SignalAccepted{read_key<SignalKey>(*json, "signal"), read_instances(*json)});
  if (kind == "decisionAnswered") {
    const Value* value = json->find("value");
    const Value* list = json->find("resultList");
    return Reply(DecisionAnswered{read_entity<DecisionDefinition>(*json, "decision"), value == nullptr ? Value() : *value,
                                  list == nullptr ? Value() : *list, read_entities<DecisionInstance>(*json, "instances")});
  }
  return fail(ErrorCode::data_loss, "a remembered answer is of unknown kind '" + kind + "'");
}

std::string_view name_of(const ClientCommand& command) {
  return std::visit([](const auto& wish) { return std::remove_cvref_t<decltype(wish)>::command_name; }, command);
}

}  // namespace fermata
