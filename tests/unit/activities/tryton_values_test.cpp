// Tryton's typed values against the shapes its real server sends.
#include <gtest/gtest.h>

#include "activities/builtin/tryton/values.h"
#include "activities/sdk/outcome.h"

namespace fermata::tryton {
namespace {

using sdk::Json;

TEST(TrytonValues, FromTryton) {
  const Json decoded = from_tryton(Json::parse(R"({"amount":{"__class__":"Decimal","decimal":"137.50"},"none":null,
    "date":{"__class__":"date","year":2026,"month":1,"day":2},
    "at":{"__class__":"datetime","year":2026,"month":11,"day":21,"hour":22,"minute":7,"second":17,"microsecond":64084},
    "time":{"__class__":"time","hour":9,"minute":5,"second":0,"microsecond":0},
    "delta":{"__class__":"timedelta","seconds":90.0},"bytes":{"__class__":"bytes","base64":"aGVs\nbG8=\n"},
    "big":[{"__class__":"Decimal","decimal":"12345678901234567890.123"},{"__class__":"Decimal","decimal":"1E+2"},
           {"__class__":"Decimal","decimal":"NaN"},{"__class__":"Unheard","x":1}]})"));
  EXPECT_EQ(
      decoded,
      Json::parse(
          R"({"amount":137.50,"none":null,"date":"2026-01-02","at":"2026-11-21T22:07:17.064084Z","time":"09:05:00",
    "delta":"PT90S","bytes":"aGVsbG8=","big":[12345678901234567890.123,1E+2,{"__class__":"Decimal","decimal":"NaN"},{"__class__":"Unheard","x":1}]})"))
      << decoded.dump();
}

TEST(TrytonValues, ToTryton) {
  const Json encoded = to_tryton(Json::parse(R"([{"$decimal":25.00},{"$decimal":"-0.10"},{"$date":"2026-02-28"},
    {"$datetime":"2026-01-01T00:30:05.5+01:00"},{"$datetime":"2026-11-21T22:07:17"},{"$time":"09:05"},{"$timedelta":"P1DT1H30M"},{"$timedelta":1.5},
    {"$bytes":"aGk="},{"__class__":"Decimal","decimal":"1"},{"plain":[1.50,"$date"],"$decimal":1}])"));
  EXPECT_EQ(encoded,
            Json::parse(R"([{"__class__":"Decimal","decimal":"25.00"},{"__class__":"Decimal","decimal":"-0.10"},
    {"__class__":"date","year":2026,"month":2,"day":28},
    {"__class__":"datetime","year":2025,"month":12,"day":31,"hour":23,"minute":30,"second":5,"microsecond":500000},
    {"__class__":"datetime","year":2026,"month":11,"day":21,"hour":22,"minute":7,"second":17,"microsecond":0},
    {"__class__":"time","hour":9,"minute":5,"second":0,"microsecond":0},{"__class__":"timedelta","seconds":91800},{"__class__":"timedelta","seconds":1.5},
    {"__class__":"bytes","base64":"aGk="},{"__class__":"Decimal","decimal":"1"},{"plain":[1.50,"$date"],"$decimal":1}])"))
      << encoded.dump();
}

TEST(TrytonValues, WrongOnesAreNamed) {
  for (const char* wrong :
       {R"({"$decimal":"1,5"})", R"({"$decimal":null})", R"({"$date":"2026-02-30"})", R"({"$date":"21.11.2026"})",
        R"({"$date":"2026-02-28T00:00:00"})", R"({"$datetime":"2026-02-28"})", R"({"$datetime":"2026-02-28T25:00:00"})",
        R"({"$datetime":"2026-02-28T00:00:00@Europe/Berlin"})", R"({"$time":"24:00"})", R"({"$timedelta":"P1M"})",
        R"({"$timedelta":"PT"})", R"({"$timedelta":"1H"})", R"({"$bytes":1})"}) {
    EXPECT_THROW((void)to_tryton(Json::parse(wrong)), sdk::InputError) << wrong;
  }
}

}  // namespace
}  // namespace fermata::tryton
