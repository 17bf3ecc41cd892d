#include "http/webhooks/signature.h"

#include <gtest/gtest.h>

#include "http/webhooks/presets.h"

namespace fermata::http {
namespace {

using Secrets = std::vector<std::string>;

constexpr const char* standard_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* standard_signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
constexpr std::int64_t standard_time = 1614265330;

Headers standard_headers(const std::string& signature) {
  Headers headers;
  headers.add("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
  headers.add("webhook-timestamp", std::to_string(standard_time));
  headers.add("webhook-signature", signature);
  return headers;
}

ReplayWindow at(std::int64_t seconds) {
  return {.now = Timestamp{seconds * 1000}};
}

Result<VerifiedDelivery> verify_standard(const Secrets& secrets, const Headers& headers,
                                         std::int64_t now = standard_time,
                                         std::string_view body = R"({"test": 2432232314})") {
  return verify_webhook(preset_scheme(Preset::standard_webhooks), secrets, headers, body, at(now));
}

TEST(StandardWebhooks, AcceptsTheReferenceVector) {
  const auto verified = verify_standard({standard_secret}, standard_headers(standard_signature));
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->delivery_id, "msg_p5jXN8AQM9LWM0D4loKWxJek");
  EXPECT_EQ(verified->sent_at->ms, standard_time * 1000);
}

TEST(StandardWebhooks, SvixNamesAreTheSame) {
  Headers svix;
  for (const Header& field : standard_headers(standard_signature))
    svix.add("svix-" + field.name.substr(8), field.value);
  EXPECT_FALSE(verify_standard({standard_secret}, svix));
  EXPECT_TRUE(verify_standard({standard_secret}, with_standard_names(svix)));
}

TEST(StandardWebhooks, TriesEverySignatureAndEverySecret) {
  const std::string other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const std::string list = std::string("v1,AAAA v2,zzz v1a,AAAA ") + standard_signature;
  EXPECT_TRUE(verify_standard({other, standard_secret}, standard_headers(list)));
  EXPECT_FALSE(verify_standard({other}, standard_headers(list)));
  EXPECT_FALSE(verify_standard({}, standard_headers(list)));
}

TEST(StandardWebhooks, RefusesAnyChange) {
  EXPECT_FALSE(verify_standard({standard_secret}, standard_headers(standard_signature), standard_time,
                               R"({"test": 2432232315})"));
  Headers other_id = standard_headers(standard_signature);
  other_id.set("webhook-id", "msg_other");
  EXPECT_FALSE(verify_standard({standard_secret}, other_id));
  Headers other_time = standard_headers(standard_signature);
  other_time.set("webhook-timestamp", std::to_string(standard_time + 1));
  EXPECT_FALSE(verify_standard({standard_secret}, other_time));
  Headers twice = standard_headers(standard_signature);
  twice.add("webhook-signature", standard_signature);
  EXPECT_FALSE(verify_standard({standard_secret}, twice));
}

TEST(StandardWebhooks, KeepsTheReplayWindow) {
  EXPECT_TRUE(verify_standard({standard_secret}, standard_headers(standard_signature), standard_time + 300));
  EXPECT_TRUE(verify_standard({standard_secret}, standard_headers(standard_signature), standard_time - 300));
  EXPECT_FALSE(verify_standard({standard_secret}, standard_headers(standard_signature), standard_time + 301));
  EXPECT_FALSE(verify_standard({standard_secret}, standard_headers(standard_signature), standard_time - 301));
  for (const char* text : {"", "-1", "abc", "99999999999999999999", "1614265330.5"}) {
    Headers headers = standard_headers(standard_signature);
    headers.set("webhook-timestamp", text);
    EXPECT_FALSE(verify_standard({standard_secret}, headers)) << text;
  }
}

// RFC 8032, 7.1, test 2: the message there is one byte, so the scheme signs the body only.
TEST(StandardWebhooks, VerifiesEd25519) {
  SignatureScheme scheme = preset_scheme(Preset::standard_webhooks);
  scheme.signed_content = "{body}";
  const std::string public_key = *from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string signature = *from_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
      "b00d291612bb0c00");
  const Headers headers = standard_headers("v1a," + to_base64(signature));
  const Secrets secrets{"whpk_" + to_base64(public_key)};
  EXPECT_TRUE(verify_webhook(scheme, secrets, headers, "\x72", at(standard_time)));
  EXPECT_FALSE(verify_webhook(scheme, secrets, headers, "\x73", at(standard_time)));
  // An ed25519 signature is never tried as an HMAC, nor the other way round.
  EXPECT_FALSE(
      verify_webhook(scheme, secrets, standard_headers("v1," + to_base64(signature)), "\x72", at(standard_time)));
}

TEST(StandardWebhooks, SecretsAreCheckedWhenConfigured) {
  const SignatureScheme scheme = preset_scheme(Preset::standard_webhooks);
  EXPECT_TRUE(check_webhook_secret(scheme, standard_secret));
  EXPECT_FALSE(check_webhook_secret(scheme, "whsec_c2hvcnQ="));
  EXPECT_FALSE(check_webhook_secret(scheme, "whsec_???"));
  EXPECT_FALSE(check_webhook_secret(scheme, ""));
  EXPECT_TRUE(check_webhook_secret(preset_scheme(Preset::github), "anything"));
}

TEST(GitHub, AcceptsTheDocumentedVector) {
  Headers headers;
  headers.add("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  headers.add("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958");
  const SignatureScheme scheme = preset_scheme(Preset::github);
  const Secrets secrets{"It's a Secret to Everybody"};
  const auto verified = verify_webhook(scheme, secrets, headers, "Hello, World!", at(0));
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->delivery_id, "72d3162e-cc78-11e3-81ab-4c9367dc0958");
  EXPECT_FALSE(verify_webhook(scheme, secrets, headers, "Hello, World", at(0)));
  headers.set("X-Hub-Signature-256", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  EXPECT_FALSE(verify_webhook(scheme, secrets, headers, "Hello, World!", at(0)));
  headers.remove("X-Hub-Signature-256");
  EXPECT_FALSE(verify_webhook(scheme, secrets, headers, "Hello, World!", at(0)));
}

TEST(Stripe, AcceptsTheVectorAndTakesTheIdFromTheBody) {
  const std::string good = "v1=e326b9127f526dab808bd39e79a44ab61b0dc0517386b06a7abf563ce203409b";
  const SignatureScheme scheme = preset_scheme(Preset::stripe);
  const Secrets secrets{"whsec_test"};
  const auto verify = [&](const std::string& value, std::int64_t now) {
    Headers headers;
    headers.add("Stripe-Signature", value);
    return verify_webhook(scheme, secrets, headers, R"({"id":"evt_1"})", at(now));
  };
  const auto verified = verify("t=1614556800," + good, 1614556800);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->delivery_id, "evt_1");
  EXPECT_TRUE(verify("t=1614556800,v0=aa,v1=00," + good, 1614556810));
  EXPECT_FALSE(verify("t=1614556800," + good, 1614556800 + 301));
  EXPECT_FALSE(verify("t=1614556801," + good, 1614556800));
  EXPECT_FALSE(verify("t=1614556801,t=1614556800," + good, 1614556800));
  EXPECT_FALSE(verify(good, 1614556800));
}

TEST(Shopify, AcceptsTheVectorAndFallsBackToTheHashOfTheBody) {
  Headers headers;
  headers.add("X-Shopify-Hmac-Sha256", "UFwgrGBPZilFtmKh8TqcovA78LGYb1BdWu9I4Q2oyRg=");
  const Secrets secrets{"hush"};
  const auto verified = verify_webhook(preset_scheme(Preset::shopify), secrets, headers, "{}", at(0));
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_TRUE(verified->id_is_body_hash);
  EXPECT_EQ(verified->delivery_id, "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

// The example of Slack's own documentation ("Verifying requests from Slack").
TEST(Slack, AcceptsTheDocumentedExample) {
  Headers headers;
  headers.add("X-Slack-Request-Timestamp", "1531420618");
  headers.add("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
  const std::string body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
      "foobar&"
      "user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack."
      "com%2F"
      "commands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
      "803a0bc887a14d10d2c447fce8b6703c";
  const Secrets secrets{"8f742231b10e8888abcd99yyyzzz85a5"};
  EXPECT_TRUE(verify_webhook(preset_scheme(Preset::slack), secrets, headers, body, at(1531420618)));
  EXPECT_FALSE(verify_webhook(preset_scheme(Preset::slack), secrets, headers, body, at(1531420618 + 400)));
}

TEST(PlainHmac, EverythingIsConfigurable) {
  SignatureScheme scheme{.signature_header = "X-Sig",
                         .prefix = "sig ",
                         .algorithm = HashAlgorithm::sha512,
                         .encoding = SignatureEncoding::base64,
                         .signed_content = "{timestamp}:{body}",
                         .timestamp_header = "X-Time"};
  Headers headers;
  headers.add("X-Time", "100");
  headers.add("X-Sig", "sig " + to_base64(hmac(HashAlgorithm::sha512, "k", "100:payload")));
  const Secrets secrets{"k"};
  EXPECT_TRUE(verify_webhook(scheme, secrets, headers, "payload", at(100)));
  EXPECT_FALSE(verify_webhook(scheme, secrets, headers, "payload", at(1000)));
}

// What a sender puts into its id is data, never a placeholder.
TEST(PlainHmac, PlaceholdersWithinTheInputAreNotExpanded) {
  SignatureScheme scheme{.signed_content = "{id}|{body}", .id_header = "X-Id"};
  Headers headers;
  headers.add("X-Id", "{body}");
  headers.add("X-Signature", to_hex(hmac(HashAlgorithm::sha256, "k", "{body}|{id}")));
  const Secrets secrets{"k"};
  EXPECT_TRUE(verify_webhook(scheme, secrets, headers, "{id}", at(0)));
}

TEST(Crypto, Base64AndHexRefuseWhatTheyAreNot) {
  EXPECT_EQ(from_base64("aGk="), "hi");
  EXPECT_EQ(from_base64("aGk"), "hi");
  EXPECT_EQ(from_base64("-_8="), "\xfb\xff");
  EXPECT_FALSE(from_base64("a"));
  EXPECT_FALSE(from_base64("aG k="));
  EXPECT_EQ(from_hex("00fF"), std::string("\0\xff", 2));
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
  EXPECT_EQ(to_base64("\xfb\xff"), "+/8=");
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
}

}  // namespace
}  // namespace fermata::http
