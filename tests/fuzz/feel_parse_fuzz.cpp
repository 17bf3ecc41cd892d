// Any bytes at the parsers of FEEL, unary tests, types, JUEL and templates: they compile or are refused with a
// position.
#include <cstdint>
#include <string_view>

#include "engine/base/check.h"
#include "processes/feel/feel.h"
#include "processes/feel/juel/juel.h"
#include "processes/feel/types.h"

using namespace fermata;

namespace {

// What the same reader says of the same text a second time; and a refusal names its place.
template <class Compile>
void compile_twice(Compile&& compile) {
  const auto first = compile();
  const auto second = compile();
  FERMATA_CHECK(first.has_value() == second.has_value(), "the same text is read in the same way");
  if (!first)
    FERMATA_CHECK(first.error().message == second.error().message && !first.error().message.empty(),
                  "a refusal says why");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  feel::CompileOptions options;
  options.known_names = {"a", "first name", "a-b", "a+b", "order's date"};
  options.known_members = {"credit score", "b"};
  options.types = {{"tAge", "number"}, {"tAges", "list<tAge>"}, {"tLoop", "list<tLoop>"}};
  compile_twice([&] { return feel::compile(text, options); });
  compile_twice([&] { return feel::compile_unary_tests(text, options); });
  compile_twice([&] { return feel::juel::compile(text); });
  (void)feel::type_from_text(text, options);
  for (const char* type :
       {"number", "date", "time", "date and time", "days and time duration", "years and months duration"})
    (void)feel::value_from_text(type, text);
  return 0;
}
