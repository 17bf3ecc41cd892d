// The pure layers: JSON writing, strict reading, filters, typed values, tables, configuration.
#include <gtest/gtest.h>

#include <sstream>

#include "cli/client/output.h"
#include "cli/serve/config.h"
#include "cli/serve/toml_value.h"
#include "engine/base/json.h"
#include "http/engine_rest/typed_value.h"
#include "http/v2/json_writer.h"
#include "http/v2/object_reader.h"
#include "http/v2/search_request.h"

namespace fermata {
namespace {

TEST(JsonWriter, PutsCommasWhereTheyBelongWhateverTheTextsEndWith) {
  http::JsonWriter json;
  json.begin_object().text("a", "{").text("b", ",").text("c\n", "[\":").begin_array("d").element("[").raw_element("1").end_array();
  json.begin_object("e").end_object().null("f").begin_array("g").begin_object().end_object().begin_object().end_object().end_array();
  json.end_object();
  const std::string text = json.take();
  const Result<Value> parsed = parse_json(text);
  ASSERT_TRUE(parsed) << text;
  EXPECT_EQ(to_json(*parsed), R"({"a":"{","b":",","c\n":"[\":","d":["[",1],"e":{},"f":null,"g":[{},{}]})");
}

TEST(ObjectReader, NamesTheFieldThatIsWrong) {
  const Value body = *parse_json(R"({"retries":"x","name":17,"when":"tomorrow","more":1})");
  http::ObjectReader reader(body, "changeset.");
  EXPECT_FALSE(reader.integer("retries"));
  EXPECT_EQ(reader.error(), "The field 'changeset.retries' must be a whole number, not \"x\".");
  http::ObjectReader unknown(body, "");
  unknown.accept("retries"), unknown.accept("name"), unknown.accept("when");
  unknown.finish();
  EXPECT_EQ(unknown.error(), "The field 'more' is not known here. Known are: name, retries, when.");
}

Result<http::v2::SearchRequest> search(const std::string& body) {
  return http::v2::parse_search(*parse_json(body), http::v2::jobs);
}

TEST(Search, KnowsWhichStatesNeverOccur) {
  const auto created = search(R"({"filter":{"state":"created"}})");
  ASSERT_TRUE(created);
  ASSERT_EQ(created->query.where.size(), 1u);
  EXPECT_EQ(created->query.where[0].operands.front(), Value::string("CREATED"));
  EXPECT_EQ(search(R"({"filter":{"state":{"$like":"C*"}}})")->query.where[0].operands.size(), 3u);
  EXPECT_EQ(search(R"({"filter":{"detailedState":"LOCKED"}})")->query.where[0].field, "status");
  EXPECT_TRUE(search(R"({"filter":{"state":"TIMED_OUT"}})")->matches_nothing);
  const auto always = search(R"({"filter":{"state":{"$neq":"TIMED_OUT"}}})");
  EXPECT_FALSE(always->matches_nothing);
  EXPECT_TRUE(always->query.where.empty());
  EXPECT_FALSE(search(R"({"filter":{"state":"SLEEPING"}})"));
}

TEST(Search, RefusesWithTheNameOfTheField) {
  for (const auto& [body, named] : {std::pair{R"({"filter":{"nope":1}})", "filter.nope"},
                                    std::pair{R"({"filter":{"jobKey":{"$regex":"x"}}})", "filter.jobKey.$regex"},
                                    std::pair{R"({"filter":{"retries":"many"}})", "filter.retries"},
                                    std::pair{R"({"filter":{"type":{"$gt":"a"}}})", "filter.type.$gt"},
                                    std::pair{R"({"filter":{"jobKey":"12x"}})", "filter.jobKey"},
                                    std::pair{R"({"filter":{"$or":[{"nope":1}]}})", "filter.$or[].nope"},
                                    std::pair{R"({"sort":[{"field":"kind"}]})", "kind"},
                                    std::pair{R"({"page":{"limit":0}})", "page.limit"},
                                    std::pair{R"({"page":{"limit":10001}})", "page.limit"},
                                    std::pair{R"({"page":{"from":1,"after":"x"}})", "page.from"},
                                    std::pair{R"({"fliter":{}})", "fliter"}}) {
    const auto refused = search(body);
    ASSERT_FALSE(refused) << body;
    EXPECT_NE(refused.error().message.find(named), std::string::npos) << refused.error().message;
  }
}

TEST(TypedValue, ReadsByTypeAndConvertsTexts) {
  const auto read = [](const std::string& text) { return http::engine_rest::read_typed_value(*parse_json(text)); };
  EXPECT_EQ(to_json(*read(R"({"type":"LONG","value":"9007199254740993"})")), "9007199254740993");
  EXPECT_EQ(to_json(*read(R"({"type":"boolean","value":"TRUE"})")), "true");
  EXPECT_EQ(to_json(*read(R"({"type":"Double","value":1.10})")), "1.1");
  EXPECT_EQ(to_json(*read(R"({"type":"date","value":"2026-01-01T01:00:00.000+0100"})")), "\"2026-01-01T00:00:00.000Z\"");
  EXPECT_EQ(to_json(*read(R"({"value":[1]})")), "[1]");
  EXPECT_EQ(to_json(*read(R"({"type":"Null","value":5})")), "null");
  EXPECT_EQ(read(R"({"type":"Integer","value":"2147483648"})").error().message,
            "Cannot convert value '2147483648' of type 'Integer' to java type java.lang.Integer");
  EXPECT_FALSE(read(R"({"type":"Object","value":"{}","valueInfo":{"serializationDataFormat":"application/x-java-serialized-object"}})"));
  EXPECT_FALSE(read(R"({"type":"Colour","value":"red"})"));
}

TEST(Table, CutsLongTextsAndLetsNoControlCharacterThrough) {
  const std::vector<Value> rows{*parse_json(R"({"a":"\u001b[31mred","b":"\u00e4\u00e4","page":{"n":3}})")};
  const std::vector<cli::Column> columns{{"A", "a"}, {"B", "b"}, {"N", "page.n"}};
  std::ostringstream out;
  cli::print_table(columns, rows, out);
  EXPECT_EQ(out.str(), "A         B   N\n [31mred  ää  3\n");
}

TEST(Config, TheExampleHasEverySettingWithItsDefault) {
  const Result<Value> toml = cli::read_toml_file(std::string(FERMATA_SOURCE_DIR) + "/examples/deploy/fermata.toml");
  ASSERT_TRUE(toml) << toml.error().message;
  const Result<cli::Config> config = cli::read_config(*toml, "fermata.toml");
  ASSERT_TRUE(config) << config.error().message;
  const cli::Config defaults;
  EXPECT_EQ(config->server.port, defaults.server.port);
  EXPECT_EQ(config->server.threads_max, defaults.server.threads_max);
  EXPECT_EQ(config->server.parked_max, defaults.server.parked_max);
  EXPECT_EQ(config->server.connections_max, defaults.server.connections_max);
  EXPECT_EQ(config->server.body_bytes_total_max, defaults.server.body_bytes_total_max);
  EXPECT_EQ(config->server.handler_deadline, defaults.server.handler_deadline);
  EXPECT_EQ(config->store.checkpoint_pages, defaults.store.checkpoint_pages);
  EXPECT_EQ(config->engine.queue_commands, defaults.engine.queue_commands);
  EXPECT_EQ(config->engine.batch_commands, defaults.engine.batch_commands);
  EXPECT_EQ(config->engine.steps_max, defaults.engine.steps_max);
  EXPECT_EQ(config->engine.retry_backoff, defaults.engine.retry_backoff);
  EXPECT_EQ(config->engine.retry_backoff_max, defaults.engine.retry_backoff_max);
  EXPECT_EQ(config->log.level, defaults.log.level);
  EXPECT_EQ(config->data, defaults.data);
}

TEST(Config, RefusesWhatItDoesNotKnow) {
  const auto read = [](const std::string& text) { return cli::read_config(*cli::read_toml(text, "f.toml"), "f.toml"); };
  EXPECT_NE(read("[server]\nprot = 1\n").error().message.find("server.prot"), std::string::npos);
  EXPECT_NE(read("[server]\nport = 70000\n").error().message.find("port"), std::string::npos);
  EXPECT_NE(read("[server]\nbytes_per_second_min = 0\n").error().message.find("bytes_per_second_min"), std::string::npos) << "a rate that is divided by";
  EXPECT_FALSE(read("[log]\nlevel = \"loud\"\n"));
  EXPECT_EQ(cli::read_toml("a = \n", "f.toml").error().message.substr(0, 7), "f.toml:");
  const auto plugins = read("[plugins.tryton]\nthreads = 3\n[plugins.tryton.connections.erp]\nurl = \"http://x/\"\n");
  ASSERT_TRUE(plugins) << plugins.error().message;
  EXPECT_EQ(plugins->activities.plugins.at("tryton").threads_max, 3u);
  EXPECT_EQ(plugins->activities.plugins.at("tryton").config_json, R"({"connections":{"erp":{"url":"http://x/"}}})");
}

}  // namespace
}  // namespace fermata
