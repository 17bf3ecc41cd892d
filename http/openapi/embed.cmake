# Writes the bytes of INPUT into OUTPUT as a C++ array: a string literal of this size is not portable.
file(READ "${INPUT}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include <string_view>
namespace fermata::http {
namespace {
constexpr char bytes[] = {\n${bytes}\n};
}
extern const std::string_view openapi_json;
const std::string_view openapi_json{bytes, sizeof bytes};
}  // namespace fermata::http
")
