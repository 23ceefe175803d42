//! The headers of the two operations (`runtime-operations.md` §1 and §2, `catalog.md` "headers"): what they may say, and
//! what is said back.

use axum::http::HeaderMap;
use serde_json::Value;

use super::failure::Failure;
use crate::wording;

/// Headers with a closed list of values: name, the member's name in messages, values, and whether the answer says it
/// back.
const ENUMERATIONS: [(&str, &str, &[&str], bool); 3] = [
    ("x-amzn-bedrock-trace", "trace", &["ENABLED", "DISABLED", "ENABLED_FULL"], false),
    ("x-amzn-bedrock-performanceconfig-latency", "performanceConfigLatency", &["standard", "optimized"], true),
    ("x-amzn-bedrock-service-tier", "serviceTier", &["priority", "default", "flex", "reserved"], true),
];

const GUARDRAIL: &str = "x-amzn-bedrock-guardrailidentifier";
const GUARDRAIL_VERSION: &str = "x-amzn-bedrock-guardrailversion";
const METADATA: &str = "x-amzn-bedrock-request-metadata";
const METADATA_LENGTH: usize = 8500;

/// Checks the headers of a request.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Failure> {
    for (name, member, allowed, _) in ENUMERATIONS {
        if let Some(value) = text(headers, name).filter(|value| !allowed.contains(&value.as_str())) {
            return Err(Failure::validation(wording::constraint(&value, member, &wording::enumeration(allowed))));
        }
    }
    let identifier = text(headers, GUARDRAIL).unwrap_or_default();
    if !guardrail(&identifier) {
        let pattern = "(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))";
        let constraint = wording::pattern(pattern);
        return Err(Failure::validation(wording::constraint(&identifier, "guardrailIdentifier", &constraint)));
    }
    let version = text(headers, GUARDRAIL_VERSION).unwrap_or_default();
    if !guardrail_version(&version) {
        let constraint = wording::pattern("(|([1-9][0-9]{0,7})|(DRAFT))");
        return Err(Failure::validation(wording::constraint(&version, "guardrailVersion", &constraint)));
    }
    // "An identifier without a version is an error" (`catalog.md`); the service's own words are not known.
    if !identifier.is_empty() && version.is_empty() {
        return Err(Failure::validation("A guardrail version must be specified when a guardrail identifier is."));
    }
    let metadata = text(headers, METADATA).unwrap_or_default();
    if metadata.chars().count() > METADATA_LENGTH {
        let constraint = wording::at_most(METADATA_LENGTH);
        return Err(Failure::validation(wording::constraint("", "requestMetadata", &constraint)));
    }
    Ok(())
}

/// "Sending `amazon-bedrock-guardrailConfig` in the body without an identifier is an error" (`catalog.md`); the
/// service's own words are not known.
pub(super) fn check_body(headers: &HeaderMap, body: &Value) -> Result<(), Failure> {
    let configured = body.get("amazon-bedrock-guardrailConfig").is_some();
    if configured && text(headers, GUARDRAIL).unwrap_or_default().is_empty() {
        return Err(Failure::validation(
            "amazon-bedrock-guardrailConfig was specified in the request body, but no guardrail identifier in the header.",
        )
        .hint("add the header X-Amzn-Bedrock-GuardrailIdentifier (guardrail_identifier in the SDK)"));
    }
    Ok(())
}

/// The headers of a request that its answer repeats.
pub(super) fn said_back(headers: &HeaderMap) -> Vec<(&'static str, String)> {
    let back = ENUMERATIONS.iter().filter(|(_, _, _, back)| *back);
    back.filter_map(|(name, ..)| Some((*name, text(headers, name)?))).collect()
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn guardrail(identifier: &str) -> bool {
    let lower = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let arn = || {
        let (partition, rest) = identifier.strip_prefix("arn:aws")?.split_once(":bedrock:")?;
        let (region, rest) = rest.split_once(':')?;
        let (account, id) = rest.split_once(":guardrail/")?;
        let digits = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        let region = (1..=20).contains(&region.len());
        ((partition.is_empty() || partition.starts_with('-')) && region && digits && lower(id)).then_some(())
    };
    identifier.is_empty() || lower(identifier) || arn().is_some()
}

fn guardrail_version(version: &str) -> bool {
    let number = || version.len() <= 8 && !version.starts_with('0') && version.bytes().all(|b| b.is_ascii_digit());
    version.is_empty() || version == "DRAFT" || number()
}

#[cfg(test)]
mod tests {
    use super::{guardrail, guardrail_version};

    #[test]
    fn guardrails_are_named_by_id_or_arn() {
        for fine in [
            "",
            "gr123abc",
            "arn:aws:bedrock:us-east-1:111122223333:guardrail/gr1",
            "arn:aws-us-gov:bedrock:x:111122223333:guardrail/a",
        ] {
            assert!(guardrail(fine), "{fine}");
        }
        for bad in ["GR", "a b", "arn:aws:bedrock:us-east-1:1:guardrail/gr1", "arn:aws:s3:::x"] {
            assert!(!guardrail(bad), "{bad}");
        }
        assert!(["", "DRAFT", "1", "12345678"].into_iter().all(guardrail_version));
        assert!(!["draft", "0", "01", "123456789"].into_iter().any(guardrail_version));
    }
}
