// http_load: the clients of S4 and S7, as a program. One line on standard output; exit code 1 when there was any error.
//
//   http_load --port 19100 --connections 256 --seconds 5 --method POST --path /v2/process-instances --body '{"...": "{n}"}'
//   answers 51234 errors 0 seconds 5.000 per_second 10247 p50_us 24310 p99_us 41020 max_us 60011
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>

#include "tests/bench/load/load.h"

int main(int count, char** arguments) {
  fermata::bench::LoadOptions options;
  const std::map<std::string, std::function<void(const char*)>> settings = {
      {"--port", [&](const char* text) { options.port = std::atoi(text); }},
      {"--connections", [&](const char* text) { options.connections = std::atoi(text); }},
      {"--seconds", [&](const char* text) { options.seconds = std::atof(text); }},
      {"--warmup", [&](const char* text) { options.warmup_seconds = std::atof(text); }},
      {"--requests", [&](const char* text) { options.requests = std::atoll(text); }},
      {"--method", [&](const char* text) { options.method = text; }},
      {"--path", [&](const char* text) { options.path = text; }},
      {"--token", [&](const char* text) { options.token = text; }},
      {"--body", [&](const char* text) { options.body = text; }},
  };
  for (int i = 1; i < count; i += 2) {
    const auto setting = settings.find(arguments[i]);
    if (setting == settings.end() || i + 1 >= count) {
      std::fprintf(stderr, "http_load: '%s' is not a setting with a value; they are:", arguments[i]);
      for (const auto& [name, use] : settings) std::fprintf(stderr, " %s", name.c_str());
      std::fprintf(stderr, "\n");
      return 2;
    }
    setting->second(arguments[i + 1]);
  }
  const fermata::bench::LoadResult result = fermata::bench::run_load(options);
  std::printf("answers %lld errors %lld seconds %.3f per_second %.0f p50_us %.0f p99_us %.0f max_us %.0f\n",
              static_cast<long long>(result.answers), static_cast<long long>(result.errors), result.seconds, result.per_second(),
              result.percentile_us(0.5), result.percentile_us(0.99), result.percentile_us(1));
  if (result.errors == 0) return 0;
  std::fprintf(stderr, "http_load: first error: %s\n", result.first_error.c_str());
  return 1;
}
