#include "http/auth/token_file.h"

#include "engine/base/json.h"

namespace fermata::http {

namespace {

std::string text_of(const Value& object, std::string_view key) {
  const Value* found = object.find(key);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

tl::unexpected<Error> broken(const std::string& path, const std::string& what) {
  return fail(ErrorCode::data_loss, "The tokens file '" + path + "' cannot be understood: " + what +
                                        ". Restore it from a backup, or move it away and create new tokens.");
}

Result<TokenRecord> read_record(const Value& item, const std::string& path) {
  TokenRecord record{.id = text_of(item, "id"), .name = text_of(item, "name"), .sha256_hex = text_of(item, "sha256")};
  if (record.id.empty() || record.name.empty() || record.sha256_hex.size() != 64)
    return broken(path, "a token lacks id, name or sha256");
  const Value* roles = item.find("roles");
  if (roles == nullptr || !roles->is_list()) return broken(path, "token " + record.name + " has no roles");
  for (const Value& role : roles->as_list()) {
    const auto known = role.is_string() ? role_from_name(role.as_string()) : std::nullopt;
    if (!known) return broken(path, "token " + record.name + " has an unknown role");
    record.roles.add(*known);
  }
  const auto created = parse_iso8601(text_of(item, "createdAt"));
  if (!created) return broken(path, "token " + record.name + " has no createdAt");
  record.created_at = *created;
  if (const Value* expires = item.find("expiresAt"); expires != nullptr && !expires->is_null()) {
    const auto time = parse_iso8601(text_of(item, "expiresAt"));
    if (!time) return broken(path, "token " + record.name + " has an expiresAt that is no time");
    record.expires_at = *time;
  }
  return record;
}

}  // namespace

Result<std::vector<TokenRecord>> read_token_file(std::string_view text, const std::string& path) {
  const auto document = parse_json(text);
  if (!document) return broken(path, document.error().message);
  const Value* version = document->find("version");
  const Value* tokens = document->find("tokens");
  if (version == nullptr || !(*version == Value::integer(1)) || tokens == nullptr || !tokens->is_list()) {
    return broken(path, "it is not a version 1 document");
  }
  std::vector<TokenRecord> result;
  for (const Value& item : tokens->as_list()) {
    auto record = read_record(item, path);
    if (!record) return fail(record.error());
    result.push_back(std::move(*record));
  }
  return result;
}

std::string write_token_file(const std::vector<TokenRecord>& tokens) {
  std::string out = "{\"version\":1,\"tokens\":[";
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const TokenRecord& token = tokens[i];
    out += i == 0 ? "\n{\"id\":" : ",\n{\"id\":";
    append_json_string(out, token.id);
    out += ",\"name\":";
    append_json_string(out, token.name);
    out += ",\"roles\":[";
    bool first = true;
    for (const Role role : all_roles) {
      if (!token.roles.contains(role)) continue;
      if (!first) out += ',';
      first = false;
      append_json_string(out, role_name(role));
    }
    out += "],\"createdAt\":\"" + format_iso8601(token.created_at) + "\",\"expiresAt\":";
    out += token.expires_at ? "\"" + format_iso8601(*token.expires_at) + "\"" : "null";
    out += ",\"sha256\":\"" + token.sha256_hex + "\"}";
  }
  out += "\n]}\n";
  return out;
}

}  // namespace fermata::http
