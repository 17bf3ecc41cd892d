#include "processes/xml/prescan.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/base/limits.h"
#include "processes/bpmn/xml.h"
#include "tests/unit/bpmn/models.h"

namespace fermata::bpmn {
namespace {

using xml::Scan;

Scan prescan(std::string_view text) {
  return xml::prescan(text, file_rules);
}

std::string rule_of(std::string_view text) {
  const Scan scan = prescan(text);
  return scan.problem ? scan.problem->rule : "";
}

TEST(Prescan, TellsLineAndColumnOfElementsAndAttributes) {
  const Scan scan = prescan("<a>\n  <b\n    x='1' y=\"2\"/>\r\n<!-- <c/> --><ü:d/></a>");
  ASSERT_FALSE(scan.problem.has_value());
  ASSERT_EQ(scan.elements.size(), 3U);
  EXPECT_EQ(scan.elements[0].content, (Position{1, 4}));
  EXPECT_EQ(scan.elements[1].position, (Position{2, 3}));
  EXPECT_EQ(scan.elements[1].attributes, (std::vector<Position>{{3, 5}, {3, 11}}));
  EXPECT_EQ(scan.elements[2].position, (Position{4, 14}));
}

TEST(Prescan, CountsColumnsInCodePoints) {
  const Scan scan = prescan("<a>äöü€𝄞<b/></a>");
  ASSERT_EQ(scan.elements.size(), 2U);
  EXPECT_EQ(scan.elements[1].position, (Position{1, 9}));
}

TEST(Prescan, PointsAtWhatIsWrong) {
  const Scan scan = prescan("<a>\n <b>\n </c>\n</a>");
  ASSERT_TRUE(scan.problem.has_value());
  EXPECT_EQ(scan.problem->rule, "BPMN-0006");
  EXPECT_EQ(scan.problem->line, 3);
  EXPECT_EQ(scan.problem->column, 2);
}

TEST(Prescan, NamesTheElementConcerned) {
  const auto concerned = [](std::string_view text) {
    const Scan scan = prescan(text);
    return scan.problem ? scan.problem->element_id : "(no problem)";
  };
  std::string many;
  for (std::size_t i = 0; i <= limits::xml_attributes_max; ++i) many += " a" + std::to_string(i) + "='>'";
  EXPECT_EQ(concerned("<a id='x'><b id='y'" + many + "/></a>"), "y");
  EXPECT_EQ(concerned("<a id='x'><b" + many + " id = \"late\"/></a>"), "late");
  EXPECT_EQ(concerned("<a id='x'><b" + many + " xid='no'/><c id='other'/></a>"), "x") << "the nearest around it";
  EXPECT_EQ(concerned("<a id='x'><b id='y'></b>&nbsp;</a>"), "x") << "b has ended";
  EXPECT_EQ(concerned("<a id='x'><b id='y' c='1' c='2'/></a>"), "y");
  EXPECT_EQ(concerned("<a id='" + std::string(limits::xml_name_bytes_max + 1, 'x') + "' c='1' c='2'/>"), "")
      << "answers quote no endless ids";
}

struct Malformed {
  const char* text;
  const char* rule;
};

class PrescanRefuses : public ::testing::TestWithParam<Malformed> {};

TEST_P(PrescanRefuses, Text) {
  EXPECT_EQ(rule_of(GetParam().text), GetParam().rule) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Malformed, PrescanRefuses,
    ::testing::Values(Malformed{"", "BPMN-0006"}, Malformed{"text", "BPMN-0006"}, Malformed{"<a/>text", "BPMN-0006"},
                      Malformed{"<a/><b/>", "BPMN-0006"}, Malformed{"<a>", "BPMN-0006"},
                      Malformed{"<a></b>", "BPMN-0006"}, Malformed{"<a", "BPMN-0006"}, Malformed{"<a x>", "BPMN-0006"},
                      Malformed{"<a x=1/>", "BPMN-0006"}, Malformed{"<a x='1'y='2'/>", "BPMN-0006"},
                      Malformed{"<a x='<'/>", "BPMN-0006"}, Malformed{"<a x='1", "BPMN-0006"},
                      Malformed{"<a>&</a>", "BPMN-0006"}, Malformed{"<a>&amp</a>", "BPMN-0006"},
                      Malformed{"<a>&nbsp;</a>", "BPMN-0005"}, Malformed{"<a>&#0;</a>", "BPMN-0003"},
                      Malformed{"<a>&#xD800;</a>", "BPMN-0003"}, Malformed{"<a>&#x110000;</a>", "BPMN-0003"},
                      Malformed{"<a>&#xFFFFFFFF1;</a>", "BPMN-0003"}, Malformed{"<a>&#;</a>", "BPMN-0003"},
                      Malformed{"<a>\x01</a>", "BPMN-0003"}, Malformed{"<a>\xC0\xAF</a>", "BPMN-0003"},
                      Malformed{"<a>\xED\xA0\x80</a>", "BPMN-0003"}, Malformed{"<a>\xF4\x90\x80\x80</a>", "BPMN-0003"},
                      Malformed{"<a>\xE2\x82</a>", "BPMN-0003"}, Malformed{"<a><!-- -- --></a>", "BPMN-0006"},
                      Malformed{"<a><!-- </a>", "BPMN-0006"}, Malformed{"<a><![CDATA[ </a>", "BPMN-0006"},
                      Malformed{"<a>]]></a>", "BPMN-0006"}, Malformed{"<a><?x </a>", "BPMN-0006"},
                      Malformed{"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "BPMN-0004"},
                      Malformed{"<a><!DOCTYPE b></a>", "BPMN-0004"}, Malformed{"<a x='1' x='2'/>", "BPMN-0007"},
                      Malformed{"<1a/>", "BPMN-0006"}));

TEST(Prescan, AcceptsWhatModelersWrite) {
  for (const char* text :
       {"<?xml version=\"1.0\"?>\n<!-- made by hand --><a/>\n", "<a x = '1' />", "<a>&lt;&#10;&#x1F600;</a>",
        "<a><![CDATA[<b>&]]></a>", "<a x=\"'\" y='\"'>]]</a>", "<a><?ide hint?></a>\n<?end?>", "<a>\r\n\t</a>"}) {
    EXPECT_EQ(rule_of(text), "") << text;
  }
}

TEST(Prescan, BoundsAttributesDepthNamesAndElements) {
  std::string attributes = "<a";
  for (std::size_t i = 0; i <= limits::xml_attributes_max; ++i) attributes += " x" + std::to_string(i) + "='1'";
  EXPECT_EQ(rule_of(attributes + "/>"), "BPMN-0001");

  std::string deep;
  for (std::size_t i = 0; i <= limits::xml_depth_max; ++i) deep += "<a>";
  EXPECT_EQ(rule_of(deep), "BPMN-0001");

  EXPECT_EQ(rule_of("<" + std::string(limits::xml_name_bytes_max + 1, 'a') + "/>"), "BPMN-0001");

  std::string many = "<a>";
  for (std::size_t i = 0; i <= limits::xml_elements_max; ++i) many += "<b/>";
  EXPECT_EQ(rule_of(many), "BPMN-0001");
}

// 30,000 attributes cost the XML library nine seconds; a single line of eight megabytes must not cost a quadratic walk.
TEST(Prescan, IsLinear) {
  std::string attributes = "<a";
  for (int i = 0; i < 30'000; ++i) attributes += " x" + std::to_string(i) + "='1'";
  std::string line = "<a>";
  while (line.size() < (4U << 20)) line += "<b x='1'>text &amp; more</b>";
  line += "</a>";
  const double begin = testing::cpu_ms();
  EXPECT_EQ(rule_of(attributes + "/>"), "BPMN-0001");
  EXPECT_EQ(rule_of(line), "");
  EXPECT_LT(testing::cpu_ms() - begin, 3000.0) << "not linear, even for a slow debug build";
}

}  // namespace
}  // namespace fermata::bpmn
