#include "http/metrics/metrics.h"

#include <gtest/gtest.h>

#include <thread>

namespace fermata::http {
namespace {

TEST(Metrics, ExpositionEscapesAndSorts) {
  Registry registry;
  registry.counters("z_total", "Last.").with({}).add(3);
  registry.counters("a_total", "Back\\slash\nline.", {"type"}).with({"q\"u\\o\nte"}).add();
  registry.observe("m_gauge", "Middle.", [] { return 1.5; });
  registry.observe("n_total", "Counted elsewhere.", [] { return 2.0; });
  EXPECT_EQ(registry.exposition(),
            "# HELP a_total Back\\\\slash\\nline.\n# TYPE a_total counter\na_total{type=\"q\\\"u\\\\o\\nte\"} 1\n"
            "# HELP m_gauge Middle.\n# TYPE m_gauge gauge\nm_gauge 1.5\n"
            "# HELP n_total Counted elsewhere.\n# TYPE n_total counter\nn_total 2\n"
            "# HELP z_total Last.\n# TYPE z_total counter\nz_total 3\n");
}

TEST(Metrics, HistogramBucketsAreCumulative) {
  Registry registry;
  auto& seconds = registry.histograms("s", "Seconds.", {"route"}).with({"/a"});
  seconds.observe(0.0004);
  seconds.observe(0.02);
  seconds.observe(100);
  const std::string text = registry.exposition();
  EXPECT_NE(text.find("s_bucket{route=\"/a\",le=\"0.0005\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("s_bucket{route=\"/a\",le=\"0.025\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("s_bucket{route=\"/a\",le=\"+Inf\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("s_count{route=\"/a\"} 3\n"), std::string::npos);
}

TEST(Metrics, SeriesAreBounded) {
  Registry registry;
  auto& family = registry.counters("c_total", "C.", {"id"});
  for (int i = 0; i < 2000; ++i) family.with({std::to_string(i)}).add();
  EXPECT_EQ(family.with({"1999"}).value(), 1500u);  // everything beyond the bound, counted together
  EXPECT_EQ(family.with({"1"}).value(), 1u);
}

TEST(Metrics, CountersLoseNothingAcrossThreads) {
  Registry registry;
  auto& counter = registry.counters("c_total", "C.").with({});
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10'000; ++i) counter.add();
      });
    }
  }
  EXPECT_EQ(counter.value(), 40'000u);
}

}  // namespace
}  // namespace fermata::http
