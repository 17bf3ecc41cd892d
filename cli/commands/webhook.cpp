#include "cli/commands/webhook.h"

#include <iostream>

#include "cli/client/output.h"
#include "engine/base/json.h"

namespace fermata::cli {
namespace {

// Names are lower-case letters, digits, '-' and '_'; anything else would change the path.
bool usable(const std::string& name) {
  if (!name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos) return true;
  complain("'" + name + "' is not the name of a webhook: lower-case letters, digits, '-' and '_'.");
  return false;
}

}  // namespace

Exit list_webhooks(ClientSession& session) {
  return session.show(session.call("GET", "/v2/webhooks"), [](const Value& answer) {
    constexpr Column columns[] = {{"NAME", "name"}, {"PRESET", "preset"}, {"ACTION", "action"}, {"PROCESS", "process"}, {"MESSAGE", "message"}};
    const Value* items = answer.is_list() ? &answer : answer.find("items");
    if (items != nullptr && items->is_list()) print_table(columns, items->as_list(), std::cout);
  });
}

Exit get_webhook(ClientSession& session, const std::string& name) {
  if (!usable(name)) return Exit::usage;
  return session.show(session.call("GET", "/v2/webhooks/" + name), [](const Value& answer) { print_fields(answer, std::cout); });
}

Exit put_webhook(ClientSession& session, const std::string& name, const std::string& settings) {
  if (!usable(name)) return Exit::usage;
  const Result<Value> body = read_json_argument(settings);
  if (!body) {
    complain(body.error().message);
    return Exit::usage;
  }
  return session.say(session.call("PUT", "/v2/webhooks/" + name, to_json(*body)), "webhook " + name + " set");
}

Exit remove_webhook(ClientSession& session, const std::string& name) {
  if (!usable(name)) return Exit::usage;
  return session.say(session.call("DELETE", "/v2/webhooks/" + name), "webhook " + name + " removed");
}

}  // namespace fermata::cli
