// POST /v2/process-instances/{key}/modification: activate, move and terminate elements of a running instance.
//
// Moves and terminations by element id are turned into those by key with what is active now; the engine refuses a key that has
// ended meanwhile, so nothing is done twice.
#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/object_reader.h"
#include "http/v2/search_request.h"

namespace fermata::http::v2 {
namespace {

constexpr std::size_t instructions_max = 1'000;  // of one list, and of the element instances that they activate or terminate

class ModificationReader {
 public:
  ModificationReader(ReadSession& session, ProcessInstanceKey instance) : session_(session) { command_.instance = instance; }

  Result<ModifyInstance> read(const Value& body) {
    ObjectReader reader(body, "");
    reader.accept("operationReference");
    each(reader, "activateInstructions", [&](const Value& item) { read_activate(item); });
    each(reader, "moveInstructions", [&](const Value& item) { read_move(item); });
    each(reader, "terminateInstructions", [&](const Value& item) { read_terminate(item); });
    reader.finish();
    if (!reader.ok()) return fail(ErrorCode::invalid_argument, reader.error());
    if (error_) return fail(*error_);
    if (command_.activate.empty() && command_.terminate.empty()) {
      return fail(ErrorCode::invalid_argument, "The modification has no instruction that changes anything.");
    }
    return std::move(command_);
  }

 private:
  template <class Read>
  void each(ObjectReader& reader, std::string_view name, Read&& read) {
    const Value* list = reader.list(name);
    if (list == nullptr) return;
    if (list->as_list().size() > instructions_max) {
      reader.refuse("The field '" + std::string(name) + "' has more than 1000 items.");
      return;
    }
    for (const Value& item : list->as_list()) {
      read(item);
      if (command_.activate.size() > instructions_max || command_.terminate.size() > instructions_max) {
        refuse("The modification would activate or terminate more than 1000 element instances: make several of it.");
      }
      if (error_) return;
    }
  }

  void refuse(std::string message) {
    if (!error_) error_ = Error{ErrorCode::invalid_argument, std::move(message)};
  }

  std::optional<ElementInstanceKey> element_key(ObjectReader& reader, std::string_view name) {
    const std::optional<std::string> text = reader.text(name);
    if (!text) return std::nullopt;
    const std::optional<std::int64_t> raw = parse_key(*text);
    if (!raw && *text != "-1") {  // -1 stands for "none" in older clients
      reader.refuse("The field '" + std::string(name) + "' must be a key, a decimal number in a string.");
    }
    return raw ? std::optional(ElementInstanceKey{*raw}) : std::nullopt;
  }

  void read_variables(ObjectReader& reader, ModifyInstance::Activate& activate) {
    const Value* list = reader.list("variableInstructions");
    if (list == nullptr) return;
    bool first = true;
    for (const Value& item : list->as_list()) {
      ObjectReader instruction(item, "variableInstructions[].");
      const std::string scope = instruction.text("scopeId").value_or("");
      Variables variables = instruction.variables("variables");
      instruction.finish();
      if (!instruction.ok()) reader.refuse(instruction.error());
      if (!first && scope != activate.variable_scope) {
        reader.refuse("The variables of one activation must all have the same 'scopeId'; use PUT .../variables for the others.");
      }
      activate.variable_scope = scope;
      for (Variable& variable : variables) activate.variables.push_back(std::move(variable));
      first = false;
    }
  }

  void read_activate(const Value& item) {
    ObjectReader reader(item, "activateInstructions[].");
    ModifyInstance::Activate activate;
    activate.element_id = reader.required_text("elementId");
    if (const auto ancestor = element_key(reader, "ancestorElementInstanceKey")) activate.ancestor = *ancestor;
    read_variables(reader, activate);
    reader.finish();
    if (!reader.ok()) return refuse(reader.error());
    command_.activate.push_back(std::move(activate));
  }

  void read_terminate(const Value& item) {
    ObjectReader reader(item, "terminateInstructions[].");
    const std::optional<std::string> element = reader.text("elementId");
    const std::optional<ElementInstanceKey> key = element_key(reader, "elementInstanceKey");
    reader.finish();
    if (!reader.ok()) return refuse(reader.error());
    if (element.has_value() == key.has_value()) {
      return refuse("Each of 'terminateInstructions' needs either 'elementId' or 'elementInstanceKey'.");
    }
    if (key) return command_.terminate.push_back(*key);
    for (const ElementRow& row : live(*element)) command_.terminate.push_back(row.element.key);
  }

  void read_move(const Value& item) {
    ObjectReader reader(item, "moveInstructions[].");
    ModifyInstance::Activate activate;
    activate.element_id = reader.required_text("targetElementId");
    const Value* source = reader.object("sourceElementInstruction");
    const Value* scope = reader.object("ancestorScopeInstruction");
    read_variables(reader, activate);
    reader.finish();
    if (reader.ok() && source == nullptr) reader.refuse("The field 'moveInstructions[].sourceElementInstruction' is required.");
    if (!reader.ok()) return refuse(reader.error());
    const std::vector<ElementRow> sources = moved(*source);
    for (const ElementRow& row : sources) {
      ModifyInstance::Activate one = activate;
      if (!read_scope(scope, row, one)) return;
      command_.activate.push_back(std::move(one));
      command_.terminate.push_back(row.element.key);
    }
  }

  std::vector<ElementRow> moved(const Value& source) {
    ObjectReader reader(source, "moveInstructions[].sourceElementInstruction.");
    reader.accept("sourceType");
    const std::optional<std::string> element = reader.text("sourceElementId");
    const std::optional<ElementInstanceKey> key = element_key(reader, "sourceElementInstanceKey");
    reader.finish();
    if (reader.ok() && element.has_value() == key.has_value()) {
      reader.refuse("The source of a move needs either 'sourceElementId' or 'sourceElementInstanceKey'.");
    }
    if (!reader.ok()) {
      refuse(reader.error());
      return {};
    }
    if (element) return live(*element);
    Result<std::optional<ElementRow>> row = session_.element(*key);
    if (!row) error_ = row.error();
    if (!row || !*row) {
      refuse("There is no element instance with key " + key->text() + ".");
      return {};
    }
    return {**row};
  }

  // Where the target is activated: in a named scope, in that of the source, or where the engine finds the only one (inferred).
  bool read_scope(const Value* scope, const ElementRow& source, ModifyInstance::Activate& activate) {
    if (scope == nullptr) return true;
    ObjectReader reader(*scope, "moveInstructions[].ancestorScopeInstruction.");
    const std::string type = reader.required_text("ancestorScopeType");
    const std::optional<ElementInstanceKey> key = element_key(reader, "ancestorElementInstanceKey");
    reader.finish();
    if (type == "direct" && key) {
      activate.ancestor = *key;
    } else if (type == "sourceParent") {
      activate.ancestor = source.element.scope;
    } else if (type != "inferred") {
      reader.refuse("The field 'ancestorScopeType' must be 'direct' (with a key), 'inferred' or 'sourceParent'.");
    }
    if (!reader.ok()) refuse(reader.error());
    return reader.ok();
  }

  // A multi-instance activity is one thing to move: its body. The inner instances, which have the same id, go with it.
  std::vector<ElementRow> live(const std::string& element_id) {
    using Op = FieldCondition::Op;
    Query query;
    query.where = {{"processInstanceKey", Op::eq, {Value::string(command_.instance.text())}},
                   {"elementId", Op::eq, {Value::string(element_id)}},
                   {"endDate", Op::exists, {Value::boolean(false)}}};
    query.limit = instructions_max;
    Query bodies = query;
    bodies.where.push_back({"type", Op::eq, {Value::string("MULTI_INSTANCE_BODY")}});
    std::vector<ElementRow> found = select(bodies, element_id);
    if (found.empty()) found = select(query, element_id);
    if (found.empty()) refuse("No instance of the element '" + element_id + "' is active.");
    return found;
  }

  std::vector<ElementRow> select(const Query& query, const std::string& element_id) {
    if (error_) return {};
    Result<Page<ElementRow>> page = session_.search_elements(query);
    if (!page) {
      error_ = page.error();
      return {};
    }
    if (page->items.size() < static_cast<std::size_t>(page->total)) {
      refuse(std::to_string(page->total) + (page->more_than_total ? " or more" : "") + " instances of the element '" + element_id +
             "' are active, and one modification takes at most 1000: name them by their keys, in several modifications.");
      return {};
    }
    return std::move(page->items);
  }

  ReadSession& session_;
  ModifyInstance command_;
  std::optional<Error> error_;
};

}  // namespace

Response modify_instance(const Api& api, const Request& request) {
  return with_key<ProcessInstanceKey>(request, "processInstanceKey", [&](ProcessInstanceKey key) {
    return with_body(request, [&](const Value& body) {
      Result<ModifyInstance> command = fail(ErrorCode::internal, "not read");
      const Response read = with_session(api, [&](ReadSession& session) {
        command = ModificationReader(session, key).read(body);
        return command ? Response::empty(204) : answer_error(command.error());
      });
      return command ? execute(api, request, std::move(*command)) : read;
    });
  });
}

}  // namespace fermata::http::v2
