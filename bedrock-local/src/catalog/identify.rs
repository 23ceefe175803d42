//! What a caller may write where Bedrock wants a model ID: a bare ID, an inference profile, or an ARN.
//!
//! See "Model identifiers, inference profiles, ARNs" of the fact sheet `catalog.md`.

use std::collections::BTreeMap;

use super::{Catalog, Model};

/// Which model answers under an ARN that says nothing about its model: imported and custom models, application
/// inference profiles, provisioned throughput, prompt routers.
pub type Bindings = BTreeMap<String, String>;

/// Why an identifier names no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unidentified {
    /// No model has this ID, or the model has no such profile.
    Unknown,
    /// The model answers only through an inference profile, and this is its bare ID.
    NeedsProfile,
    /// An ARN of somebody's own resource, which nobody has bound to a model.
    Unbound,
}

/// ARNs of resources of an account, which do not name the model behind them.
const OWN_RESOURCES: [&str; 8] = [
    "application-inference-profile",
    "custom-model",
    "custom-model-deployment",
    "default-prompt-router",
    "imported-model",
    "prompt",
    "prompt-router",
    "provisioned-model",
];

impl Catalog {
    /// The model that Bedrock would choose for this identifier.
    ///
    /// # Errors
    /// When Bedrock would not find one.
    pub fn identify(&self, identifier: &str, bindings: &Bindings) -> Result<&Model, Unidentified> {
        if let Some(model) = bindings.get(identifier) {
            return self.get(model).ok_or(Unidentified::Unknown);
        }
        match read(identifier)? {
            Name::Id(id) => self.identify_id(id),
            Name::Profile(profile) => self.identify_profile(profile).ok_or(Unidentified::Unknown),
        }
    }

    /// The model that an identifier speaks of, be it reachable that way or not: whose bodies are meant. So a bare ID
    /// will do where the model needs a profile, and a profile that some other model has.
    ///
    /// # Errors
    /// When no known model is meant; never [`Unidentified::NeedsProfile`].
    pub fn named(&self, identifier: &str, bindings: &Bindings) -> Result<&Model, Unidentified> {
        if let Some(model) = bindings.get(identifier) {
            return self.get(model).ok_or(Unidentified::Unknown);
        }
        let (Name::Id(name) | Name::Profile(name)) = read(identifier)?;
        let without_prefix = || {
            let (prefix, base) = name.split_once('.')?;
            self.get(base).filter(|_| self.has_profile(prefix))
        };
        self.get(name).or_else(without_prefix).ok_or(Unidentified::Unknown)
    }

    /// Whether any model has such a profile. No list of prefixes here: the models say which ones there are.
    fn has_profile(&self, prefix: &str) -> bool {
        self.models().any(|model| model.facts().profiles.iter().any(|profile| profile == prefix))
    }

    fn identify_id(&self, id: &str) -> Result<&Model, Unidentified> {
        match self.get(id) {
            Some(model) if model.facts().on_demand => Ok(model),
            Some(_) => Err(Unidentified::NeedsProfile),
            None => self.identify_profile(id).ok_or(Unidentified::Unknown),
        }
    }

    /// `us.anthropic.…`: a prefix and an unchanged ID. The model says which prefixes it has.
    fn identify_profile(&self, id: &str) -> Option<&Model> {
        let (prefix, base) = id.split_once('.')?;
        self.get(base).filter(|model| model.facts().profiles.iter().any(|profile| profile == prefix))
    }
}

/// What an identifier names.
enum Name<'i> {
    /// A bare ID, or one with the prefix of a profile.
    Id(&'i str),
    /// An ID with the prefix of a profile.
    Profile(&'i str),
}

fn read(identifier: &str) -> Result<Name<'_>, Unidentified> {
    let Some(arn) = identifier.strip_prefix("arn:") else { return Ok(Name::Id(identifier)) };
    // arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.…: the resource may contain colons.
    let parts: Vec<&str> = arn.splitn(5, ':').collect();
    let [_partition, service, _region, account, resource] = parts[..] else { return Err(Unidentified::Unknown) };
    let Some((kind, name)) = resource.split_once('/') else { return Err(Unidentified::Unknown) };
    match (service, kind) {
        ("bedrock", "foundation-model") if account.is_empty() => Ok(Name::Id(name)),
        ("bedrock", "inference-profile") => Ok(Name::Profile(name)),
        ("bedrock", own) if OWN_RESOURCES.contains(&own) => Err(Unidentified::Unbound),
        ("sagemaker", "endpoint") => Err(Unidentified::Unbound),
        _ => Err(Unidentified::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::{Bindings, Catalog, Unidentified};

    fn catalog() -> Catalog {
        Catalog::from_jsonl(concat!(
            r#"{"x-shape": "a", "x-model": {"id": "meta.llama3-v1:0", "profiles": ["us"]}, "$defs": {}}"#,
            "\n",
            r#"{"x-shape": "a", "x-model": {"id": "acme.new", "on_demand": false, "profiles": ["us-gov", "global"]}}"#,
        ))
        .unwrap()
    }

    fn identify(identifier: &str) -> Result<String, Unidentified> {
        let catalog = catalog();
        let bindings = Bindings::from([("arn:aws:bedrock:us-east-1:1:imported-model/mine".into(), "acme.new".into())]);
        catalog.identify(identifier, &bindings).map(|model| model.id().to_owned())
    }

    #[test]
    fn ids_and_profiles() {
        assert_eq!(identify("meta.llama3-v1:0").unwrap(), "meta.llama3-v1:0");
        assert_eq!(identify("us.meta.llama3-v1:0").unwrap(), "meta.llama3-v1:0");
        assert_eq!(identify("eu.meta.llama3-v1:0"), Err(Unidentified::Unknown));
        assert_eq!(identify("us.us.meta.llama3-v1:0"), Err(Unidentified::Unknown));
        assert_eq!(identify("us-gov.acme.new").unwrap(), "acme.new");
        assert_eq!(identify("acme.new"), Err(Unidentified::NeedsProfile));
        assert_eq!(identify(""), Err(Unidentified::Unknown));
    }

    #[test]
    fn the_model_that_is_meant_is_found_where_it_cannot_be_reached() {
        let catalog = catalog();
        let named = |identifier: &str| catalog.named(identifier, &Bindings::new()).map(|model| model.id());
        assert_eq!(named("acme.new"), Ok("acme.new"));
        assert_eq!(named("us-gov.meta.llama3-v1:0"), Ok("meta.llama3-v1:0"));
        assert_eq!(named("arn:aws:bedrock:us-east-1::foundation-model/acme.new"), Ok("acme.new"));
        assert_eq!(named("arn:aws:bedrock:us-east-1:1:inference-profile/us.acme.new"), Ok("acme.new"));
        assert_eq!(named("moon.meta.llama3-v1:0"), Err(Unidentified::Unknown));
        assert_eq!(named("arn:aws:bedrock:us-east-1:1:imported-model/mine"), Err(Unidentified::Unbound));
    }

    #[test]
    fn arns() {
        let arn = |rest: &str| identify(&format!("arn:aws:bedrock:us-east-1:{rest}"));
        assert_eq!(arn(":foundation-model/meta.llama3-v1:0").unwrap(), "meta.llama3-v1:0");
        assert_eq!(arn(":foundation-model/acme.new"), Err(Unidentified::NeedsProfile));
        assert_eq!(arn("111122223333:inference-profile/us.meta.llama3-v1:0").unwrap(), "meta.llama3-v1:0");
        assert_eq!(arn("111122223333:inference-profile/meta.llama3-v1:0"), Err(Unidentified::Unknown));
        assert_eq!(arn("111122223333:imported-model/abc"), Err(Unidentified::Unbound));
        assert_eq!(arn("1:imported-model/mine").unwrap(), "acme.new");
        assert_eq!(identify("arn:aws:sagemaker:us-east-1:111122223333:endpoint/mine"), Err(Unidentified::Unbound));
        assert_eq!(identify("arn:aws"), Err(Unidentified::Unknown));
    }
}
