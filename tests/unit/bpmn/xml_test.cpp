#include <gtest/gtest.h>

#include "processes/bpmn/xml.h"
#include "processes/xml/text_decoder.h"

namespace fermata::bpmn {
namespace {

using namespace std::string_view_literals;
using xml::decode_to_utf8;

TEST(TextDecoder, ReadsTheEncodingsOfModelers) {
  EXPECT_EQ(*decode_to_utf8("\xEF\xBB\xBF<a/>"), "<a/>");
  EXPECT_EQ(*decode_to_utf8("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4</a>"),
            "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xC3\xA4</a>");
  EXPECT_EQ(*decode_to_utf8("<?xml version='1.0' encoding=\"windows-1252\"?><a>\x80</a>"),
            "<?xml version='1.0' encoding=\"windows-1252\"?><a>\xE2\x82\xAC</a>");
  EXPECT_EQ(*decode_to_utf8("\xFF\xFE<\0a\0/\0>\0"sv), "<a/>");
  EXPECT_EQ(*decode_to_utf8("\xFE\xFF\0<\0a\xD8\x34\xDD\x1E\0/\0>"sv), "<a\xF0\x9D\x84\x9E/>");
}

TEST(TextDecoder, RefusesOthersByName) {
  EXPECT_FALSE(decode_to_utf8("<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>").has_value());
  EXPECT_FALSE(decode_to_utf8("\xFF\xFE<\0a"sv).has_value());
  EXPECT_FALSE(decode_to_utf8("\xFE\xFF\xDD\x1E"sv).has_value());
  EXPECT_FALSE(decode_to_utf8("<?xml version='1.0' encoding='windows-1252'?><a>\x81</a>").has_value());
}

TEST(XmlTree, ResolvesNamespacesByUriNotByPrefix) {
  const XmlRead read = read_xml(
      "<x:definitions xmlns:x='http://www.omg.org/spec/BPMN/20100524/MODEL' "
      "xmlns:foo='http://operaton.org/schema/1.0/bpmn'>"
      "<process xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' foo:versionTag='2'><x:task "
      "xmlns:x='urn:other'/></process></x:definitions>");
  ASSERT_NE(read.tree, nullptr);
  const XmlElement& root = read.tree->root();
  EXPECT_TRUE(root.is("definitions"));
  const XmlElement* process = root.child("process");
  ASSERT_NE(process, nullptr);
  EXPECT_EQ(process->get(Namespace::camunda, "versionTag"), "2");
  ASSERT_EQ(process->children.size(), 1U);
  EXPECT_EQ(process->children[0]->space, Namespace::other);
  EXPECT_EQ(process->children[0]->uri, "urn:other");
}

TEST(XmlTree, DecodesTextAndAttributes) {
  const XmlRead read = read_xml("<a b='1 &lt; 2 &#38; 3'>x &gt; <![CDATA[<y>]]></a>");
  ASSERT_NE(read.tree, nullptr);
  EXPECT_EQ(read.tree->root().get("b"), "1 < 2 & 3");
  EXPECT_EQ(read.tree->root().text, "x > <y>");
}

TEST(XmlTree, RefusesOneAttributeUnderTwoPrefixes) {
  const XmlRead read = read_xml(
      "<a xmlns:x='http://camunda.org/schema/zeebe/1.0' xmlns:y='http://camunda.org/schema/zeebe/1.0' x:b='1' "
      "y:b='2'/>");
  ASSERT_TRUE(read.problem.has_value());
  EXPECT_EQ(read.problem->rule, "BPMN-0007");
}

TEST(XmlTree, SkipsProcessingInstructions) {
  EXPECT_NE(read_xml("<?xml version='1.0'?><?style x?><a><?hint <b> ?><c/></a><?end?>").tree, nullptr);
}

}  // namespace
}  // namespace fermata::bpmn
