#include "processes/feel/feel.h"

#include "processes/feel/compiled.h"
#include "processes/feel/parser.h"

namespace fermata::feel {

std::string at_position(std::string_view text, std::size_t offset, std::string_view message) {
  const LineColumn position = line_column(text, offset);
  return "line " + std::to_string(position.line) + ", column " + std::to_string(position.column) + ": " +
         std::string(message);
}

namespace {

Result<CompiledPtr> compile_with(std::string_view text, const CompileOptions& options, NodePtr (Parser::*parse)()) {
  if (text.size() > options.limits.text_bytes_max) {
    return fail(ErrorCode::resource_exhausted, "line 1, column 1: the expression is longer than " +
                                                   std::to_string(options.limits.text_bytes_max >> 10) + " KiB");
  }
  if (const std::size_t bad = invalid_utf8_at(text); bad != std::string_view::npos) {
    return fail(ErrorCode::invalid_argument, "byte " + std::to_string(bad) + ": the expression is not valid UTF-8");
  }
  try {
    std::string kept(text);  // nodes keep no views of the text, but positions are counted in the kept one
    Parser parser(kept, options);
    NodePtr root = (parser.*parse)();
    const std::size_t frame = parser.frame_size();
    return make_compiled(std::move(kept), std::move(root), frame, parser.take_variables(), options.limits);
  } catch (const ParseError& error) {
    return fail(error.code, at_position(text, error.offset, error.message));
  }
}

}  // namespace

Result<CompiledPtr> compile(std::string_view text, const CompileOptions& options) {
  return compile_with(text, options, &Parser::parse_whole_expression);
}

Result<CompiledPtr> compile_unary_tests(std::string_view text, const CompileOptions& options) {
  return compile_with(text, options, &Parser::parse_whole_unary_tests);
}

Result<Type> type_from_text(std::string_view text, const CompileOptions& options) {
  if (text.size() > options.limits.text_bytes_max || invalid_utf8_at(text) != std::string_view::npos) {
    return fail(ErrorCode::invalid_argument, "the type is too long or not valid UTF-8");
  }
  try {
    return Parser(text, options).parse_whole_type();
  } catch (const ParseError& error) {
    return fail(error.code, at_position(text, error.offset, error.message));
  }
}

Result<Value> value_from_text(std::string_view type, std::string_view text) {
  const auto wrong = [&] {
    return fail(ErrorCode::invalid_argument,
                "\"" + std::string(text.substr(0, 60)) + "\" is not a " + std::string(type));
  };
  const auto boxed = [&](const auto& made) -> Result<Value> {
    if (!made) return wrong();
    return box(*made);
  };
  if (type == "string") return Value::string(text);
  if (type == "number") {
    const std::optional<Decimal> number = parse_decimal(text);
    if (!number) return wrong();
    return Value::number(*number);
  }
  if (type == "boolean") {
    if (text != "true" && text != "false") return wrong();
    return Value::boolean(text == "true");
  }
  if (type == "date") return boxed(parse_date(text));
  if (type == "time") return boxed(parse_time(text));
  if (type == "date and time") return boxed(parse_date_time(text));
  if (type == "days and time duration") return boxed(parse_days_duration(text));
  if (type == "years and months duration") return boxed(parse_months_duration(text));
  return fail(ErrorCode::invalid_argument, "there is no type " + std::string(type) + " that a text could be read as");
}

}  // namespace fermata::feel
