#include "processes/feel/juel/juel.h"

#include "processes/feel/compiled.h"
#include "processes/feel/juel/juel_parser.h"
#include "processes/feel/nodes.h"

namespace fermata::feel::juel {
namespace {

bool begins_expression(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && (text[at] == '$' || text[at] == '#') && text[at + 1] == '{';
}

// "\${" and "\#{" are the signs themselves.
bool is_escaped(std::string_view text, std::size_t at) {
  return text[at] == '\\' && begins_expression(text, at + 1);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t from = text.find_first_not_of(blank);
  return from == std::string_view::npos ? std::string_view()
                                        : text.substr(from, text.find_last_not_of(blank) - from + 1);
}

void join(std::vector<std::string>& all, std::vector<std::string> more) {
  for (std::string& name : more) {
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(std::move(name));
  }
}

// "${...}" and nothing else; nullptr when more follows.
CompiledPtr compile_single(std::string_view text, const Limits& limits) {
  Parser parser(text, 2, 2, limits);
  NodePtr root = parser.parse();
  if (parser.end() + 1 != text.size()) return nullptr;
  return make_compiled(std::string(text.substr(2, parser.end() - 2)), std::move(root), 0, parser.take_variables(),
                       limits);
}

CompiledPtr compile_mixed(std::string_view text, const Limits& limits) {
  std::vector<NodePtr> parts;
  std::vector<std::string> variables;
  std::string plain;
  std::size_t plain_at = 0;
  const auto flush = [&] {
    if (!plain.empty())
      parts.push_back(
          std::make_unique<Constant>(static_cast<std::uint32_t>(plain_at), Value::string(std::move(plain))));
    plain.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    if (is_escaped(text, at)) {
      plain += text.substr(at + 1, 2);
      at += 3;
    } else if (begins_expression(text, at)) {
      flush();
      Parser parser(text, at + 2, 0, limits);
      parts.push_back(parser.parse());
      join(variables, parser.take_variables());
      at = parser.end() + 1;
      plain_at = at;
    } else {
      plain += text[at++];
    }
  }
  flush();
  return make_compiled(std::string(text), std::make_unique<Text>(0U, std::move(parts)), 0, std::move(variables),
                       limits);
}

}  // namespace

bool has_expression(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_escaped(text, at)) {
      at += 2;
    } else if (begins_expression(text, at)) {
      return true;
    }
  }
  return false;
}

Result<CompiledPtr> compile(std::string_view text, const Limits& limits) {
  if (text.size() > limits.text_bytes_max) {
    return fail(ErrorCode::resource_exhausted, "line 1, column 1: the expression is longer than " +
                                                   std::to_string(limits.text_bytes_max >> 10) + " KiB");
  }
  if (const std::size_t bad = invalid_utf8_at(text); bad != std::string_view::npos) {
    return fail(ErrorCode::invalid_argument, "byte " + std::to_string(bad) + ": the expression is not valid UTF-8");
  }
  const std::string_view inner = trimmed(text);
  const std::size_t shift = inner.empty() ? 0 : static_cast<std::size_t>(inner.data() - text.data());
  std::size_t base = shift;
  try {
    if (begins_expression(inner, 0)) {
      if (CompiledPtr single = compile_single(inner, limits)) return single;
    }
    base = 0;
    return compile_mixed(text, limits);
  } catch (const ParseError& error) {
    return fail(error.code, at_position(text, error.offset + base, error.message));
  }
}

}  // namespace fermata::feel::juel
