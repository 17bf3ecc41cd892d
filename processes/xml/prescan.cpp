#include "processes/xml/prescan.h"

#include <algorithm>

#include "engine/base/limits.h"
#include "processes/xml/rule.h"
#include "processes/xml/unicode.h"

namespace fermata::xml {
namespace {

// Turns offsets into positions. Offsets must not go back, so that a file of one endless line stays linear.
class PositionTracker {
 public:
  explicit PositionTracker(std::string_view text) : text_(text) {}

  Position at(std::size_t offset) {
    for (; at_ < offset; ++at_) {
      const char c = text_[at_];
      const bool line_end = c == '\n' || (c == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] != '\n'));
      if (line_end) {
        ++position_.line;
        position_.column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
        ++position_.column;
      }
    }
    return position_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  Position position_{1, 1};
};

// Bytes above 0x7F count as letters: the exact name classes of XML matter to nobody who draws processes.
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_part(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

class Scanner {
 public:
  Scanner(std::string_view text, const FileRules& rules) : text_(text), rules_(rules), tracker_(text) {}

  Scan run() {
    const std::size_t invalid = find_invalid_character(text_);
    if (invalid != std::string_view::npos) {
      stop(rules_.invalid_character, invalid, "the file contains a byte or character that XML does not allow");
    } else {
      document();
    }
    return std::move(scan_);
  }

 private:
  // Every step answers false once something is wrong, and then nothing goes on.
  bool stop(const Rule& rule, std::size_t offset, std::string what) {
    const Position position = PositionTracker(text_).at(std::min(offset, text_.size()));
    scan_.problem = Problem{rule.severity, std::string(rule.id), concerned(),
                            position.line, position.column,      std::move(what) + ". " + std::string(rule.advice)};
    return false;
  }
  // The id of the element that is being read, or of the nearest around it that has one: that is what an analyst looks for.
  [[nodiscard]] std::string concerned() const {
    if (!tag_id_.empty()) return std::string(tag_id_);
    for (auto open = open_.rbegin(); open != open_.rend(); ++open) {
      if (!open->id.empty()) return std::string(open->id);
    }
    return {};
  }
  bool malformed(std::string what) { return stop(rules_.not_well_formed, at_, std::move(what)); }

  [[nodiscard]] bool ended() const { return at_ >= text_.size(); }
  [[nodiscard]] bool here(std::string_view token) const { return text_.substr(at_).starts_with(token); }
  void skip_space() {
    while (!ended() && is_xml_space(text_[at_])) ++at_;
  }

  void document() {
    if (here("<?xml") && at_ + 5 < text_.size() && is_xml_space(text_[at_ + 5]) && !instruction(false)) return;
    while (!ended()) {
      if (is_xml_space(text_[at_])) {
        ++at_;
      } else if (text_[at_] != '<') {
        malformed(open_.empty() && !scan_.elements.empty() ? "there is text after the end of the root element"
                                                           : "there is text before the root element");
        return;
      } else if (!outside_markup()) {
        return;
      }
    }
    if (scan_.elements.empty()) malformed("the file contains no XML element");
  }

  bool outside_markup() {
    if (here("<!--")) return comment();
    if (here("<?")) return instruction(true);
    if (here("<!DOCTYPE")) return doctype();
    if (!scan_.elements.empty()) return malformed("there is a second root element");
    return element() && content();
  }

  bool doctype() { return stop(rules_.doctype, at_, "the file contains a DOCTYPE"); }

  bool skip_past(std::string_view end, const char* what) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return malformed(std::string(what) + " is never closed");
    at_ = found + end.size();
    return true;
  }

  bool comment() {
    const std::size_t begin = at_;
    at_ += 4;
    const std::size_t dashes = text_.find("--", at_);
    if (dashes == std::string_view::npos) {
      at_ = begin;
      return malformed("a comment is never closed");
    }
    at_ = dashes;
    if (!here("-->")) return malformed("a comment contains '--'");
    at_ += 3;
    return true;
  }

  bool instruction(bool record) {
    const std::size_t begin = at_;
    if (!skip_past("?>", "a processing instruction")) return false;
    if (record) scan_.instructions.emplace_back(begin, at_);
    return true;
  }

  // Everything between the root's start tag and its end tag.
  bool content() {
    while (!open_.empty()) {
      const std::size_t next = text_.find_first_of("<&]", at_);
      if (next == std::string_view::npos) {
        at_ = text_.size();
        return malformed("the element <" + std::string(open_.back().tag) + "> is never closed");
      }
      at_ = next;
      if (!content_step()) return false;
    }
    return true;
  }

  bool content_step() {
    if (text_[at_] == '&') return reference();
    if (text_[at_] == ']') {
      if (here("]]>")) return malformed("']]>' stands outside of a CDATA section");
      ++at_;
      return true;
    }
    if (here("<!--")) return comment();
    if (here("<![CDATA[")) return skip_past("]]>", "a CDATA section");
    if (here("<!DOCTYPE")) return doctype();
    if (here("<?")) return instruction(true);
    if (here("</")) return end_tag();
    return element();
  }

  bool reference() {
    const std::size_t end = text_.find(';', at_);
    constexpr std::size_t reference_bytes_max = 12;
    if (end == std::string_view::npos || end - at_ > reference_bytes_max)
      return malformed("'&' is not written as '&amp;'");
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    if (name.starts_with('#')) {
      if (!valid_character_reference(name.substr(1))) {
        return stop(rules_.invalid_character, at_,
                    "the character reference '&" + std::string(name) + ";' names no XML character");
      }
    } else if (name != "amp" && name != "lt" && name != "gt" && name != "quot" && name != "apos") {
      return stop(rules_.entity, at_, "the entity '&" + std::string(name) + ";' is not one of the five of XML");
    }
    at_ = end + 1;
    return true;
  }

  static bool valid_character_reference(std::string_view digits) {
    const char32_t base = digits.starts_with('x') ? 16 : 10;
    if (base == 16) digits.remove_prefix(1);
    if (digits.empty()) return false;
    char32_t point = 0;
    for (char c : digits) {
      const char32_t digit = c >= '0' && c <= '9'   ? static_cast<char32_t>(c - '0')
                             : c >= 'a' && c <= 'f' ? static_cast<char32_t>(c - 'a' + 10)
                             : c >= 'A' && c <= 'F' ? static_cast<char32_t>(c - 'A' + 10)
                                                    : 99;
      if (digit >= base) return false;
      point = point * base + digit;
      if (point > 0x10FFFF) return false;
    }
    return is_xml_character(point);
  }

  bool name(std::string_view& out, const char* what) {
    if (ended() || !is_name_start(text_[at_])) return malformed(std::string(what) + " is missing or malformed");
    const std::size_t begin = at_;
    while (!ended() && is_name_part(text_[at_])) ++at_;
    out = text_.substr(begin, at_ - begin);
    if (out.size() <= limits::xml_name_bytes_max) return true;
    return stop(rules_.bounds, begin,
                "a name is longer than " + std::to_string(limits::xml_name_bytes_max) + " bytes");
  }

  bool element() {
    const std::size_t begin = at_;
    if (scan_.elements.size() >= limits::xml_elements_max) {
      return stop(rules_.bounds, begin,
                  "the file has more than " + std::to_string(limits::xml_elements_max) + " elements");
    }
    if (open_.size() >= limits::xml_depth_max) {
      return stop(rules_.bounds, begin,
                  "elements are nested more than " + std::to_string(limits::xml_depth_max) + " deep");
    }
    scan_.elements.push_back({tracker_.at(begin), {}, {}});
    ++at_;
    std::string_view tag;
    if (!name(tag, "the name of an element")) return false;
    names_.clear();
    while (true) {
      const std::size_t before = at_;
      skip_space();
      if (ended()) return malformed("the tag <" + std::string(tag) + "> is never closed");
      const bool empty = here("/>");
      if (empty || text_[at_] == '>') {
        at_ += empty ? 2 : 1;
        scan_.elements.back().content = tracker_.at(at_);
        if (!empty) open_.push_back({tag, tag_id_});
        tag_id_ = {};
        return true;
      }
      if (before == at_) return malformed("white space is missing in the tag <" + std::string(tag) + ">");
      if (!attribute(tag)) return false;
    }
  }

  bool attribute(std::string_view tag) {
    const std::size_t begin = at_;
    std::string_view attribute_name;
    if (!name(attribute_name, "the name of an attribute")) return false;
    if (names_.size() >= limits::xml_attributes_max) {
      if (tag_id_.empty()) remember(id_from(begin));
      return stop(
          rules_.bounds, begin,
          "<" + std::string(tag) + "> has more than " + std::to_string(limits::xml_attributes_max) + " attributes");
    }
    if (std::ranges::find(names_, attribute_name) != names_.end()) {
      return stop(rules_.duplicate_attribute, begin,
                  "<" + std::string(tag) + "> has the attribute '" + std::string(attribute_name) + "' twice");
    }
    names_.push_back(attribute_name);
    scan_.elements.back().attributes.push_back(tracker_.at(begin));
    skip_space();
    if (!here("=")) return malformed("the attribute '" + std::string(attribute_name) + "' has no value");
    ++at_;
    skip_space();
    return attribute_value(attribute_name);
  }

  bool attribute_value(std::string_view attribute_name) {
    if (ended() || (text_[at_] != '"' && text_[at_] != '\'')) {
      return malformed("the value of the attribute '" + std::string(attribute_name) + "' is not quoted");
    }
    const char quote = text_[at_++];
    const std::size_t begin = at_;
    const char stops[] = {quote, '<', '&', '\0'};
    while (true) {
      at_ = std::min(text_.find_first_of(stops, at_), text_.size());
      if (ended()) return malformed("the value of the attribute '" + std::string(attribute_name) + "' is never closed");
      if (text_[at_] == '<')
        return malformed("'<' in the attribute '" + std::string(attribute_name) + "' is not written as '&lt;'");
      if (text_[at_] == quote) break;
      if (!reference()) return false;
    }
    if (attribute_name == "id") remember(text_.substr(begin, at_ - begin));
    ++at_;
    return true;
  }

  // An id is quoted in answers: what is longer than a name, or needs decoding, is none.
  void remember(std::string_view id) {
    id = trimmed(id);
    if (id.size() <= limits::xml_name_bytes_max && id.find('&') == std::string_view::npos) tag_id_ = id;
  }

  // Modelers write the id first, but they need not: looks through the rest of a tag that is refused already.
  [[nodiscard]] std::string_view id_from(std::size_t at) const {
    while (at < text_.size() && text_[at] != '>' && text_[at] != '<') {
      const std::size_t open = text_.find_first_of("\"'<>", at);
      if (open == std::string_view::npos || text_[open] == '<' || text_[open] == '>') return {};
      const std::size_t close = text_.find(text_[open], open + 1);
      if (close == std::string_view::npos) return {};
      std::string_view name = text_.substr(at, open - at);
      while (!name.empty() && (is_xml_space(name.back()) || name.back() == '=')) name.remove_suffix(1);
      if (name.ends_with("id") && (name.size() == 2 || is_xml_space(name[name.size() - 3]))) return text_.substr(open + 1, close - open - 1);
      at = close + 1;
    }
    return {};
  }

  bool end_tag() {
    const std::size_t begin = at_;
    at_ += 2;
    std::string_view tag;
    if (!name(tag, "the name in an end tag")) return false;
    if (tag != open_.back().tag) {
      at_ = begin;
      return malformed("</" + std::string(tag) + "> closes <" + std::string(open_.back().tag) + ">");
    }
    skip_space();
    if (!here(">")) return malformed("the end tag </" + std::string(tag) + " is not closed by '>'");
    ++at_;
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const FileRules& rules_;
  PositionTracker tracker_;
  std::size_t at_ = 0;
  struct OpenElement {
    std::string_view tag;
    std::string_view id;
  };
  std::vector<OpenElement> open_;
  std::string_view tag_id_;  ///< of the tag being read; empty between tags
  std::vector<std::string_view> names_;  ///< attribute names of the tag being read
  Scan scan_;
};

}  // namespace

Scan prescan(std::string_view text, const FileRules& rules) {
  return Scanner(text, rules).run();
}

}  // namespace fermata::xml
