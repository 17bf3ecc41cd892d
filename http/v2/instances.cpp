// Process instances: create (with or without awaiting the end), get, search, cancel.
#include <algorithm>

#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/instance_filter.h"
#include "http/v2/object_reader.h"
#include "http/v2/rows.h"
#include "http/v2/search_route.h"

namespace fermata::http::v2 {
namespace {

constexpr std::size_t tags_max = 10;
constexpr std::size_t tag_bytes_max = 100;
constexpr std::size_t business_id_bytes_max = 256;

struct Creation {
  CreateInstance command;
  bool await = false;
  Duration wait;
  std::vector<std::string> fetch_variables;
};

bool is_tag(std::string_view tag) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (tag.empty() || tag.size() > tag_bytes_max || !letter(tag.front())) return false;
  return std::all_of(tag.begin(), tag.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || std::string_view("_-:.").find(c) != std::string_view::npos;
  });
}

void read_tags(ObjectReader& reader, CreateInstance& command) {
  command.tags = reader.texts("tags").value_or(std::vector<std::string>{});
  if (command.tags.size() > tags_max) reader.refuse("An instance has at most 10 tags.");
  for (const std::string& tag : command.tags) {
    if (!is_tag(tag)) {
      reader.refuse("'" + tag + "' is not a tag: a letter, then letters, digits, '_', '-', ':' or '.', at most 100 characters.");
    }
  }
}

void read_start_instructions(ObjectReader& reader, CreateInstance& command) {
  const Value* list = reader.list("startInstructions");
  if (list == nullptr) return;
  for (const Value& item : list->as_list()) {
    ObjectReader instruction(item, "startInstructions[].");
    command.start_at.push_back(instruction.required_text("elementId"));
    instruction.finish();
    if (!instruction.ok()) reader.refuse(instruction.error());
  }
}

void read_definition(ObjectReader& reader, CreateInstance& command) {
  const std::optional<std::string> key = reader.text("processDefinitionKey");
  command.process_id = reader.text("processDefinitionId").value_or("");
  const std::optional<std::int32_t> version = reader.integer32("processDefinitionVersion");
  if (key.has_value() == !command.process_id.empty()) {
    reader.refuse("Give either 'processDefinitionKey' or 'processDefinitionId'.");
    return;
  }
  if (key) {
    const std::optional<std::int64_t> raw = parse_key(*key);
    if (!raw) reader.refuse("The field 'processDefinitionKey' must be a key, a decimal number in a string.");
    command.definition = DefinitionKey{raw.value_or(0)};
  } else if (version && *version != -1) {  // -1 stands for the latest
    command.version = version;
  }
}

Creation read_creation(const Api& api, ObjectReader& reader) {
  Creation creation;
  CreateInstance& command = creation.command;
  read_definition(reader, command);
  command.variables = reader.variables("variables");
  command.business_key = reader.text("businessId").value_or("");
  command.unique_business_key = api.unique_business_key && !command.business_key.empty();
  if (command.business_key.size() > business_id_bytes_max) reader.refuse("The field 'businessId' is longer than 256 bytes.");
  read_tags(reader, command);
  read_start_instructions(reader, command);
  if (const Value* list = reader.list("runtimeInstructions"); list != nullptr && !list->as_list().empty()) {
    reader.refuse("The field 'runtimeInstructions' is not supported: instances run until they end by themselves.");
  }
  if (const std::string problem = tenant_problem(reader.text("tenantId")); !problem.empty()) reader.refuse(problem);
  reader.accept("operationReference");
  creation.await = reader.flag("awaitCompletion").value_or(false);
  creation.fetch_variables = reader.texts("fetchVariables").value_or(std::vector<std::string>{});
  const std::int64_t timeout = reader.integer("requestTimeout").value_or(0);
  creation.wait = timeout > 0 ? Duration::from_ms(std::min(timeout, api.await_max.ms)) : api.await_default;
  reader.finish();
  return creation;
}

Response answer_created(const InstanceCreated& created, const std::vector<std::string>& tags, const Variables& variables) {
  JsonWriter json;
  json.begin_object()
      .key("processInstanceKey", created.instance)
      .key("processDefinitionKey", created.definition.key)
      .text("processDefinitionId", created.definition.process_id)
      .number("processDefinitionVersion", created.definition.version)
      .text("tenantId", default_tenant)
      .variables("variables", variables)
      .texts("tags", tags)
      .text_or_null("businessId", created.business_key)
      .end_object();
  return Response::json(200, json.take());
}

Variables only(const Variables& all, const std::vector<std::string>& names) {
  if (names.empty()) return all;
  Variables kept;
  for (const Variable& variable : all) {
    if (std::find(names.begin(), names.end(), variable.name) != names.end()) kept.push_back(variable);
  }
  return kept;
}

using AwaitResult = Result<tl::expected<Engine::Awaited, Rejection>>;

/// Owns what it needs: it is asked when the request is gone.
struct AwaitedAnswer {
  std::vector<std::string> tags;
  std::vector<std::string> fetch_variables;

  Response operator()(const AwaitResult& result) const {
    if (!result) return answer_error(result.error());
    if (!*result) return answer_rejection(CreateInstance::command_name, result->error(), false);
    const auto& [created, end] = **result;
    if (!end.completed) {
      return Response::problem(409, "INVALID_STATE",
                               "The instance " + created.instance.text() + " was terminated before it completed.");
    }
    return answer_created(created, tags, only(end.variables, fetch_variables));
  }
};

/// Without a server around it (tests), the thread of the caller waits.
AwaitResult await_here(const Api& api, ClientRequest create, Duration wait) {
  Rejection rejection;
  auto finished = api.engine.create_and_await(std::move(std::get<CreateInstance>(create.command)), create.actor, wait, &rejection);
  if (finished) return tl::expected<Engine::Awaited, Rejection>(Engine::Awaited{finished->first, std::move(finished->second)});
  if (!rejection.reason.empty()) return tl::expected<Engine::Awaited, Rejection>(tl::unexpect, std::move(rejection));
  return fail(finished.error());
}

Response create_and_await(const Api& api, const Request& request, Creation creation) {
  if (request.headers.has("Idempotency-Key")) {
    return bad_request("Idempotency-Key and awaitCompletion cannot be combined: the result of a repeated request is not kept.");
  }
  ClientRequest create;
  create.actor = request.principal.name;
  AwaitedAnswer answer{creation.command.tags, std::move(creation.fetch_variables)};
  create.command = std::move(creation.command);
  const LaterAnswerPtr later = request.answer_later();
  if (!later) return answer(await_here(api, std::move(create), creation.wait));
  auto submitted = api.engine.submit_and_await(std::move(create), creation.wait, [later, answer = std::move(answer)](AwaitResult result) {
    later->put([answer, result = std::move(result)] { return answer(result); });
  });
  return submitted ? Response::later() : answer_error(submitted.error());
}

}  // namespace

Response create_instance(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& body) {
    ObjectReader reader(body, "");
    Creation creation = read_creation(api, reader);
    if (!reader.ok()) return bad_request(reader.error());
    if (creation.await) return create_and_await(api, request, std::move(creation));
    std::vector<std::string> tags = creation.command.tags;
    return execute(api, request, std::move(creation.command), [tags = std::move(tags)](const Reply& reply) {
      return answer_created(std::get<InstanceCreated>(reply), tags, {});
    });
  });
}

Response get_instance(const Api& api, const Request& request) {
  return get_one(api, request, "processInstanceKey", "process instance", &ReadSession::instance, write_instance);
}

Response search_instances(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& given) {
    Value body = given;
    const Result<InsideFilter> inside = take_inside_filter(body);
    if (!inside) return answer_error(inside.error());
    Result<SearchRequest> parsed = parse_search(body, process_instances);
    if (!parsed) return answer_error(parsed.error());
    const auto none = [](JsonWriter&, const InstanceRow&) {};
    if (parsed->matches_nothing) return answer_page(Page<InstanceRow>{}, none);
    return with_session(api, [&](ReadSession& session) {
      if (!inside->empty()) {
        auto confined = instances_with(session, *inside);
        if (!confined) return answer_error(confined.error());
        if (!*confined) return answer_page(Page<InstanceRow>{}, none);
        parsed->query.where.insert(parsed->query.where.end(), (*confined)->begin(), (*confined)->end());
      }
      const Result<Page<InstanceRow>> page = session.search_instances(parsed->query);
      return page ? answer_page(*page, write_instance) : answer_error(page.error());
    });
  });
}

Response cancel_instance(const Api& api, const Request& request) {
  return with_key<ProcessInstanceKey>(request, "processInstanceKey", [&](ProcessInstanceKey key) {
    return with_body(request, [&](const Value& body) {
      ObjectReader reader(body, "");
      reader.accept("operationReference");
      reader.finish();
      return reader.ok() ? execute(api, request, CancelInstance{.instance = key}) : bad_request(reader.error());
    });
  });
}

Response search_instance_incidents(const Api& api, const Request& request) {
  return with_key<ProcessInstanceKey>(request, "processInstanceKey", [&](ProcessInstanceKey key) {
    const FieldCondition here{"processInstanceKey", FieldCondition::Op::eq, {Value::string(key.text())}};
    return search<IncidentRow>(api, request, incidents, &ReadSession::search_incidents, write_incident, {here});
  });
}

}  // namespace fermata::http::v2
