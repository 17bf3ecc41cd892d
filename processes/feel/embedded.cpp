#include "processes/feel/embedded.h"

#include "processes/feel/parser.h"

namespace fermata::feel {
namespace {

class EmbeddedText final : public Node {
 public:
  EmbeddedText(SourcePtr source, NodePtr root, std::size_t frame)
      : Node(0), source_(std::move(source)), root_(std::move(root)), frame_(frame) {
    adopt(*root_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override {
    const EmbeddedFrame frame(run, frame_, source_.get());
    return root_->evaluate(run);
  }
  [[nodiscard]] const Value* constant() const override { return root_->constant(); }

 private:
  SourcePtr source_;
  NodePtr root_;
  std::size_t frame_;
};

}  // namespace

NodePtr embed(const EmbedRequest& request) {
  const std::string& text = request.source->text;
  if (text.size() > request.options.limits.text_bytes_max) {
    throw ParseError{
        0, "the expression is longer than " + std::to_string(request.options.limits.text_bytes_max >> 10) + " KiB",
        ErrorCode::resource_exhausted};
  }
  if (const std::size_t bad = invalid_utf8_at(text); bad != std::string_view::npos)
    throw ParseError{bad, "the expression is not valid UTF-8"};
  Parser parser(text, request.options, request.names, request.source, request.remarks);
  NodePtr root = request.unary_tests ? parser.parse_whole_unary_tests() : parser.parse_whole_expression();
  const std::size_t frame = parser.frame_size();
  if (request.variables != nullptr) {
    for (std::string& name : parser.take_variables()) request.variables->insert(std::move(name));
  }
  return std::make_unique<EmbeddedText>(request.source, std::move(root), frame);
}

std::vector<std::string> split_tests(std::string_view text) {
  const Scanner scanner(text);
  std::vector<std::string> tests;
  std::size_t begin = 0;
  std::size_t depth = 0;
  for (Token token = scanner.scan(0);; token = scanner.scan(token.end)) {
    const bool ends = token.kind == TokenKind::end;
    if (ends || (depth == 0 && token.is(","))) {
      tests.emplace_back(text.substr(begin, (ends ? text.size() : token.begin) - begin));
      if (ends) return tests;
      begin = token.end;
    } else if (token.is("(") || token.is("[") || token.is("{")) {
      ++depth;
    } else if ((token.is(")") || token.is("]") || token.is("}")) && depth > 0) {
      --depth;
    }
  }
}

}  // namespace fermata::feel
