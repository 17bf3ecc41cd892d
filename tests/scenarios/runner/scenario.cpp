#include "tests/scenarios/runner/scenario.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/base/json.h"
#include "engine/record/codec.h"

namespace fermata::scenarios {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// A word ends at a space outside of quotes; quotes keep spaces and are dropped.
std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool any = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (!quoted && (c == ' ' || c == '\t' || c == ',')) {
      if (any || !word.empty()) words.push_back(std::move(word));
      word.clear();
      any = false;
    } else {
      word += c;
    }
  }
  if (any || !word.empty()) words.push_back(std::move(word));
  return words;
}

Result<Line> read_line(std::string_view text, int number) {
  Line line;
  line.number = number;
  line.text = std::string(text);
  const std::size_t brace = text.find(" {");
  const bool is_expectation = text.starts_with("expect");
  if (brace != std::string_view::npos && !is_expectation) {
    Result<Variables> variables = decode_variables(trimmed(text.substr(brace)));
    if (!variables) return fail(ErrorCode::invalid_argument, "line " + std::to_string(number) + ": " + variables.error().message);
    line.variables = std::move(*variables);
    text = text.substr(0, brace);
  }
  std::vector<std::string> words = split_words(text);
  if (!words.empty() && words.front() == "reject") {
    line.must_be_refused = true;
    words.erase(words.begin());
  }
  if (words.empty()) return fail(ErrorCode::invalid_argument, "line " + std::to_string(number) + " has no step");
  line.verb = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string::npos || equals == 0 || is_expectation) {
      line.words.push_back(words[i]);
    } else {
      line.named[words[i].substr(0, equals)] = words[i].substr(equals + 1);
    }
  }
  return line;
}

}  // namespace

Result<Scenario> read_scenario(const std::string& path) {
  std::ifstream file(path);
  if (!file) return fail(ErrorCode::not_found, path + " cannot be read");
  Scenario scenario;
  scenario.folder = std::filesystem::path(path).parent_path().string();
  scenario.name = std::filesystem::path(path).parent_path().filename().string() + "/" + std::filesystem::path(path).stem().string();
  std::string text;
  for (int number = 1; std::getline(file, text); ++number) {
    std::string_view rest = trimmed(text);
    if (const std::size_t comment = rest.find("  #"); comment != std::string_view::npos) rest = trimmed(rest.substr(0, comment));
    if (rest.empty() || rest.front() == '#') continue;
    Result<Line> line = read_line(rest, number);
    if (!line) return fail(ErrorCode::invalid_argument, path + ": " + line.error().message);
    scenario.lines.push_back(std::move(*line));
  }
  return scenario;
}

}  // namespace fermata::scenarios
