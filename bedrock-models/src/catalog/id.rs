//! What stands where Bedrock takes a model ID: a bare ID, an inference profile, or an ARN; and which model it names.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use percent_encoding::percent_decode_str;

use super::{MODELS, ModelInfo, Status};

/// The prefixes that system-defined inference profiles put before a model's ID, as far as they are known.
pub const PROFILES: &[&str] = &["us", "eu", "apac", "jp", "au", "in", "ca", "us-gov", "global"];

/// What Bedrock takes as an ID is no longer than this; errors quote no more.
const LONGEST: usize = 2048;

/// A model and how an ID named it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Found<'m> {
    /// What is known about the model.
    pub model: &'m ModelInfo,
    /// The prefix of the inference profile; `None` where the ID was the bare one.
    pub profile: Option<&'static str>,
    /// Whether the ID stood in an ARN.
    pub arn: bool,
}

impl Found<'_> {
    /// The ID, without an ARN around it: that of the profile, or the bare one.
    pub fn id(&self) -> Cow<'static, str> {
        match self.profile {
            Some(profile) => format!("{profile}.{}", self.model.id).into(),
            None => self.model.id.into(),
        }
    }

    /// Whether Bedrock is known to answer under this ID: a bare one where the model runs on demand, a profile where
    /// the model is known to have it. `None` is not known: profiles are added often.
    ///
    /// ```
    /// use bedrock_models::catalog;
    ///
    /// let bare = catalog::find("anthropic.claude-haiku-4-5-20251001-v1:0")?;
    /// assert_eq!(bare.served(), Some(false)); // This model wants a profile.
    /// let profile = catalog::find("us.anthropic.claude-haiku-4-5-20251001-v1:0")?;
    /// assert_eq!(profile.served(), Some(true));
    /// # Ok::<(), catalog::FindError>(())
    /// ```
    pub fn served(&self) -> Option<bool> {
        match self.profile {
            Some(profile) => self.model.profiles.contains(&profile).then_some(true),
            None => self.model.on_demand,
        }
    }
}

/// Finds the model that an ID or an ARN names.
///
/// Taken are bare IDs; IDs with the prefix of an inference profile, whether or not the model is known to have that
/// profile ([`Found::served`] says so); and ARNs of foundation models and of system-defined inference profiles, of any
/// partition. All of them may be percent-encoded, as they stand in a URL.
///
/// ```
/// use bedrock_models::catalog;
///
/// let arn = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0";
/// let found = catalog::find(arn)?;
/// assert_eq!(found.model.name, "Claude Haiku 4.5");
/// assert_eq!((found.profile, found.arn), (Some("us"), true));
/// # Ok::<(), catalog::FindError>(())
/// ```
///
/// # Errors
///
/// Where no model has the ID, with the nearest that one has; and for ARNs that name no model, with what to do.
///
/// ```
/// # use bedrock_models::catalog;
/// let error = catalog::find("anthropic.claude-haiku-4-5-20251001").unwrap_err();
/// assert!(error.to_string().contains("`us.anthropic.claude-haiku-4-5-20251001-v1:0`"));
/// ```
pub fn find(id_or_arn: &str) -> Result<Found<'static>, FindError> {
    find_among(MODELS, id_or_arn)
}

/// As [`find`], among models of your choice.
///
/// # Errors
///
/// Those of [`find`].
///
/// ```
/// use bedrock_models::ModelInfo;
/// use bedrock_models::catalog::{self, MODELS};
///
/// const MINE: &ModelInfo = &ModelInfo::new("acme.talker-v1:0");
/// let models: Vec<_> = MODELS.iter().copied().chain([MINE]).collect();
/// assert_eq!(catalog::find_among(&models, "eu.acme.talker-v1:0")?.model, MINE);
/// # Ok::<(), catalog::FindError>(())
/// ```
pub fn find_among<'m>(models: &[&'m ModelInfo], id_or_arn: &str) -> Result<Found<'m>, FindError> {
    let id = ModelId::parse(id_or_arn)?;
    let known = |(profile, bare): (Option<&str>, &str)| {
        let model = models.iter().copied().find(|model| model.id == bare)?;
        let profile = match profile {
            Some(prefix) => Some(*model.profiles.iter().chain(PROFILES).find(|known| **known == prefix)?),
            None => None,
        };
        Some(Found { model, profile, arn: id.is_arn() })
    };
    id.readings()
        .find_map(known)
        .ok_or_else(|| FindError::Unknown { id: quoted(&id.name), nearest: nearest(models, &id) })
}

/// What stands where Bedrock takes a model ID, taken apart without knowing the models; for catalogues of one's own.
///
/// ```
/// use bedrock_models::catalog::{FindError, ModelId};
///
/// let id = ModelId::parse("arn:aws:bedrock:us-east-1::foundation-model/acme.talker-v1:0")?;
/// assert!(id.is_arn());
/// assert_eq!(id.name(), "acme.talker-v1:0");
/// let id = ModelId::parse("us.acme.talker-v1:0")?;
/// assert!(id.readings().eq([(None, "us.acme.talker-v1:0"), (Some("us"), "acme.talker-v1:0")]));
/// # Ok::<(), FindError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelId<'a> {
    name: Cow<'a, str>,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// No ARN: a bare ID or that of a profile.
    Id,
    /// An ARN with a bare ID.
    FoundationModel,
    /// An ARN with the ID of a profile.
    InferenceProfile,
}

impl<'a> ModelId<'a> {
    /// Takes an ID or an ARN apart.
    ///
    /// # Errors
    ///
    /// For ARNs that name no model: [`FindError::Resource`] and [`FindError::NotAModel`].
    pub fn parse(id_or_arn: &'a str) -> Result<Self, FindError> {
        // What can't be decoded is no ID; it stays as it is and is not found.
        let text = percent_decode_str(id_or_arn).decode_utf8().unwrap_or(Cow::Borrowed(id_or_arn));
        let (form, start) = classify(&text)?;
        let name = match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[start..]),
            Cow::Owned(mut text) => Cow::Owned(text.split_off(start)),
        };
        Ok(Self { name, form })
    }

    /// Whether it is an ARN.
    pub fn is_arn(&self) -> bool {
        self.form != Form::Id
    }

    /// The ID itself, with the prefix of a profile if it has one, without an ARN around it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How the ID can be read, as the prefix of a profile and a bare ID. What looks like a prefix may be part of a
    /// bare ID, so the reading without one comes first. An ARN says which it is.
    pub fn readings(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let bare = (self.form != Form::InferenceProfile).then_some((None, &*self.name));
        let profile = (self.form != Form::FoundationModel).then(|| self.name.split_once('.')).flatten();
        bare.into_iter().chain(profile.map(|(prefix, bare)| (Some(prefix), bare)))
    }
}

/// What an ID is, and where the name in it starts.
fn classify(text: &str) -> Result<(Form, usize), FindError> {
    let Some(arn) = text.strip_prefix("arn:") else { return Ok((Form::Id, 0)) };
    let no_model = |why| Err(FindError::NotAModel { arn: quoted(text), why });
    // arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.…: the last part may hold colons.
    let parts: Vec<&str> = arn.splitn(5, ':').collect();
    let [partition, service, _region, account, resource] = parts[..] else {
        return no_model("it has too few parts");
    };
    let Some((kind, name)) = resource.split_once('/') else { return no_model("it does not end in a kind and a name") };
    if !(partition == "aws" || partition.starts_with("aws-")) {
        return no_model("its partition is none of AWS's");
    }
    if !account.bytes().all(|byte| byte.is_ascii_digit()) {
        return no_model("its account is not a number");
    }
    let form = match (service, kind) {
        ("bedrock", "foundation-model") => Form::FoundationModel,
        ("bedrock", "inference-profile") => Form::InferenceProfile,
        _ => {
            return match Resource::of(service, kind) {
                Some(resource) => Err(FindError::Resource { resource, arn: quoted(text) }),
                None => no_model("it is of something else"),
            };
        }
    };
    Ok((form, text.len() - name.len()))
}

/// Why an ID or an ARN names no model of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindError {
    /// No model has the ID.
    Unknown {
        /// The ID that was looked for, without an ARN around it.
        id: String,
        /// The most similar one that is known.
        nearest: Option<String>,
    },
    /// An ARN of a resource of somebody's own, which does not say which model is behind it.
    Resource {
        /// What it is of.
        resource: Resource,
        /// The ARN.
        arn: String,
    },
    /// An ARN of nothing that can be invoked.
    NotAModel {
        /// The ARN.
        arn: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { id, nearest: Some(nearest) } => {
                write!(f, "no model is known under the ID `{}`; the nearest is `{nearest}`", id.escape_debug())
            }
            Self::Unknown { id, nearest: None } => write!(
                f,
                "no model is known under the ID `{}`; a newer one can be called as one that takes the same body: \
                 `.at(id)` on its type",
                id.escape_debug()
            ),
            Self::Resource { resource, arn } => write!(
                f,
                "the ARN of {resource} does not say which model is behind it: call `.at(\"{}\")` on the type of that \
                 model",
                arn.escape_debug()
            ),
            Self::NotAModel { arn, why } => write!(
                f,
                "`{}` is not the ARN of a model: {why}; expected arn:aws:bedrock:<Region>::foundation-model/<ID> or \
                 arn:aws:bedrock:<Region>:<account>:inference-profile/<profile>.<ID>",
                arn.escape_debug()
            ),
        }
    }
}

impl Error for FindError {}

/// What can be invoked by an ARN that names no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// An inference profile of an account's own, made to tag and track calls.
    ApplicationInferenceProfile,
    /// A customised model.
    CustomModel,
    /// A customised model that is deployed on demand.
    CustomModelDeployment,
    /// A model that was imported.
    ImportedModel,
    /// Provisioned throughput.
    ProvisionedModel,
    /// A prompt of Prompt Management.
    Prompt,
    /// A router between models, of AWS's or one's own.
    PromptRouter,
    /// A SageMaker endpoint, as models of Bedrock Marketplace have.
    SageMakerEndpoint,
}

impl Resource {
    fn of(service: &str, kind: &str) -> Option<Self> {
        Some(match (service, kind) {
            ("bedrock", "application-inference-profile") => Self::ApplicationInferenceProfile,
            ("bedrock", "custom-model") => Self::CustomModel,
            ("bedrock", "custom-model-deployment") => Self::CustomModelDeployment,
            ("bedrock", "imported-model") => Self::ImportedModel,
            ("bedrock", "provisioned-model") => Self::ProvisionedModel,
            ("bedrock", "prompt") => Self::Prompt,
            ("bedrock", "prompt-router" | "default-prompt-router") => Self::PromptRouter,
            ("sagemaker", "endpoint") => Self::SageMakerEndpoint,
            _ => return None,
        })
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ApplicationInferenceProfile => "an application inference profile",
            Self::CustomModel => "a custom model",
            Self::CustomModelDeployment => "a deployment of a custom model",
            Self::ImportedModel => "an imported model",
            Self::ProvisionedModel => "provisioned throughput",
            Self::Prompt => "a prompt",
            Self::PromptRouter => "a prompt router",
            Self::SageMakerEndpoint => "a SageMaker endpoint",
        })
    }
}

fn quoted(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The ID that was probably meant, in the form of the one that was written.
fn nearest(models: &[&ModelInfo], id: &ModelId<'_>) -> Option<String> {
    // No ID comes near this length, and comparing takes time in proportion to it.
    const LONG: usize = 256;
    if id.name.len() > LONG {
        return None;
    }
    let name = id.name.to_ascii_lowercase();
    let (prefix, bare) = match name.split_once('.') {
        Some((prefix, bare)) if PROFILES.contains(&prefix) => (Some(prefix), bare),
        _ => (None, &*name),
    };
    let model = containing(models, bare).or_else(|| contained(models, bare)).or_else(|| similar(models, bare))?;
    // Of two spellings, that of the model with types.
    let of = model.catalog_only.and_then(|only| models.iter().find(|other| Some(other.id) == only.of));
    let model = of.copied().unwrap_or(model);
    let listed = prefix.and_then(|prefix| model.profiles.iter().find(|profile| **profile == prefix));
    let wants_profile = match id.form {
        Form::FoundationModel => false,
        Form::InferenceProfile => true,
        Form::Id => listed.is_some() || model.on_demand == Some(false),
    };
    let profile = listed.or(model.profiles.first()).filter(|_| wants_profile);
    Some(profile.map_or_else(|| model.id.to_owned(), |profile| format!("{profile}.{}", model.id)))
}

/// Letters and digits alone: `claude-3.5` and `claude-3-5` are the same to people.
fn bones(id: &str) -> String {
    id.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A part of an ID was written, most often without its date or version.
fn containing<'m>(models: &[&'m ModelInfo], name: &str) -> Option<&'m ModelInfo> {
    let part = bones(name);
    let by_likeness = |model: &&ModelInfo| {
        let active = model.lifecycle.status == Some(Status::Active);
        (!active, strsim::osa_distance(name, model.id))
    };
    // A shorter part says nothing.
    let candidates = models.iter().copied().filter(|model| part.len() >= 5 && bones(model.id).contains(&part));
    candidates.min_by_key(by_likeness)
}

/// More than an ID was written, such as a version that it does not have.
fn contained<'m>(models: &[&'m ModelInfo], name: &str) -> Option<&'m ModelInfo> {
    let whole = bones(name);
    models.iter().copied().filter(|model| whole.contains(&bones(model.id))).max_by_key(|model| model.id.len())
}

fn similar<'m>(models: &[&'m ModelInfo], name: &str) -> Option<&'m ModelInfo> {
    let limit = (name.len() / 3).max(1);
    let distances = models.iter().copied().map(|model| (strsim::osa_distance(name, model.id), model));
    distances.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, model)| model)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{HAIKU, LLAMA, SAMPLES};
    use super::*;

    fn look(id: &str) -> Result<(&'static str, Option<&'static str>, bool), FindError> {
        find_among(SAMPLES, id).map(|found| (found.model.id, found.profile, found.arn))
    }

    /// As it stands in a URL.
    fn encoded(text: &str) -> String {
        let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        text.bytes()
            .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect()
    }

    #[test]
    fn every_model_is_found_in_every_form() {
        let accounts = ["", "111122223333"];
        let partitions = ["aws", "aws-us-gov", "aws-cn", "aws-iso", "aws-iso-b", "aws-eusc"];
        let mut cases = 0;
        for model in SAMPLES {
            let mut expect = |id: &str, profile, arn| {
                for id in [id.to_owned(), encoded(id), encoded(id).to_ascii_lowercase()] {
                    assert_eq!(look(&id), Ok((model.id, profile, arn)), "{id}");
                    cases += 1;
                }
            };
            expect(model.id, None, false);
            for prefix in PROFILES {
                expect(&format!("{prefix}.{}", model.id), Some(*prefix), false);
            }
            for (partition, account) in partitions.iter().flat_map(|p| accounts.iter().map(move |a| (p, a))) {
                for region in ["us-east-1", "us-gov-west-1", ""] {
                    let arn = format!("arn:{partition}:bedrock:{region}:{account}");
                    expect(&format!("{arn}:foundation-model/{}", model.id), None, true);
                    for prefix in PROFILES {
                        let profile = format!("{arn}:inference-profile/{prefix}.{}", model.id);
                        expect(&profile, Some(*prefix), true);
                    }
                }
            }
        }
        assert_eq!(cases, SAMPLES.len() * 3 * (1 + PROFILES.len() + 6 * 2 * 3 * (1 + PROFILES.len())));
    }

    #[test]
    fn an_arn_says_whether_a_profile_is_in_it() {
        let arn = "arn:aws:bedrock:us-east-1:111122223333";
        let wrong = look(&format!("{arn}:foundation-model/us.{LLAMA}")).unwrap_err();
        assert_eq!(wrong, FindError::Unknown { id: format!("us.{LLAMA}"), nearest: Some(LLAMA.into()) });
        let wrong = look(&format!("{arn}:inference-profile/{LLAMA}")).unwrap_err();
        assert_eq!(wrong, FindError::Unknown { id: LLAMA.into(), nearest: Some(format!("us.{LLAMA}")) });
    }

    #[test]
    fn only_known_prefixes_are_taken_off() {
        for id in ["us.us", "mars", "US", "", "us-gov-west", "anthropic"] {
            assert!(look(&format!("{id}.{HAIKU}")).is_err(), "{id}");
        }
        assert!(look("").is_err() && look(".").is_err() && look("us.").is_err());
        assert!(look(&format!("{HAIKU} ")).is_err());
        // A model may have a profile that is newer than the list of prefixes.
        let mut own = ModelInfo::new("acme.one");
        own.profiles = &["moon"];
        assert_eq!(find_among(&[&own], "moon.acme.one").unwrap().profile, Some("moon"));
        // And a bare ID may begin like a profile.
        let mut own = ModelInfo::new("us.acme");
        own.on_demand = Some(true);
        let found = find_among(&[&own], "us.acme").unwrap();
        assert_eq!((found.profile, found.served(), &*found.id()), (None, Some(true), "us.acme"));
    }

    #[test]
    fn what_is_served_is_said() {
        let served = |id: &str| find_among(SAMPLES, id).unwrap().served();
        assert_eq!(served(HAIKU), Some(false));
        assert_eq!(served(&format!("us.{HAIKU}")), Some(true));
        assert_eq!(served(&format!("ca.{HAIKU}")), None);
        assert_eq!(served(LLAMA), Some(true));
        assert_eq!(served("xai.grok-4.7"), None);
        assert_eq!(find_among(SAMPLES, &format!("us.{HAIKU}")).unwrap().id(), format!("us.{HAIKU}"));
    }

    #[test]
    fn resources_of_ones_own_name_no_model() {
        use Resource::*;
        for (resource, name) in [
            (ApplicationInferenceProfile, "application-inference-profile/abc123def456"),
            (CustomModel, "custom-model/meta.llama3-8b-instruct-v1:0/abc123def456"),
            (CustomModelDeployment, "custom-model-deployment/abc123def456"),
            (ImportedModel, "imported-model/abc123def456"),
            (ProvisionedModel, "provisioned-model/abc123def456"),
            (Prompt, "prompt/ABCDE12345:1"),
            (PromptRouter, "prompt-router/abc123def456"),
            (PromptRouter, "default-prompt-router/anthropic.claude:1"),
        ] {
            for partition in ["aws", "aws-us-gov", "aws-cn"] {
                let arn = format!("arn:{partition}:bedrock:us-east-1:111122223333:{name}");
                let expected = FindError::Resource { resource, arn: arn.clone() };
                let message = expected.to_string();
                assert_eq!(look(&encoded(&arn)), look(&arn));
                assert_eq!(look(&arn), Err(expected));
                assert!(message.contains(&format!(".at(\"{arn}\")")), "{message}");
            }
        }
        let endpoint = look("arn:aws:sagemaker:us-east-1:111122223333:endpoint/mine").unwrap_err();
        assert!(matches!(endpoint, FindError::Resource { resource: SageMakerEndpoint, .. }));
    }

    #[test]
    fn other_arns_are_refused_with_a_reason() {
        for (arn, why) in [
            ("arn:", "too few parts"),
            ("arn:aws", "too few parts"),
            ("arn:aws:bedrock:us-east-1:111122223333", "too few parts"),
            ("arn:aws:bedrock:us-east-1::foundation-model", "a kind and a name"),
            ("arn:gcp:bedrock:us-east-1::foundation-model/a.b", "partition"),
            ("arn:aws:bedrock:us-east-1:<account>:inference-profile/us.a.b", "account"),
            ("arn:aws:bedrock:us-east-1:111122223333:guardrail/abc", "something else"),
            ("arn:aws:s3:::bucket/foundation-model", "something else"),
        ] {
            let error = look(arn).unwrap_err();
            assert!(matches!(&error, FindError::NotAModel { arn: quoted, .. } if quoted == arn), "{error:?}");
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn the_nearest_id_is_offered() {
        for (wrong, right) in [
            // Typing errors.
            ("meta.lama3-8b-instruct-v1:0", "meta.llama3-8b-instruct-v1:0"),
            ("Meta.Llama3-8B-Instruct-v1:0", "meta.llama3-8b-instruct-v1:0"),
            ("meta.llama3-8b-instruct-v1:1", "meta.llama3-8b-instruct-v1:0"),
            // Parts of IDs, and other spellings of them.
            ("claude-haiku-4.5", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
            ("anthropic.claude-haiku-4-5@20251001", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
            ("eu.anthropic.claude-haiku-4-5-20251001", "eu.anthropic.claude-haiku-4-5-20251001-v1:0"),
            ("gpt-oss-20b", "openai.gpt-oss-20b-1:0"),
            ("openai.gpt-oss-2ob", "openai.gpt-oss-20b-1:0"),
            ("us.us.meta.llama3-8b-instruct-v1:0", "us.meta.llama3-8b-instruct-v1:0"),
            // More than the ID.
            ("bedrock/meta.llama3-8b-instruct-v1:0", "meta.llama3-8b-instruct-v1:0"),
            ("meta.llama3-8b-instruct-v1:0:8k", "meta.llama3-8b-instruct-v1:0"),
        ] {
            let error = look(wrong).unwrap_err();
            assert_eq!(error, FindError::Unknown { id: wrong.into(), nearest: Some(right.into()) });
            assert!(error.to_string().contains(&format!("`{right}`")));
        }
        for strange in ["", "x", "my-own-model", "a.b", "%FF%FE", "日本語.模型", &"a".repeat(100_000)] {
            let error = look(strange).unwrap_err();
            assert!(matches!(error, FindError::Unknown { nearest: None, .. }), "{error:?}");
            assert!(error.to_string().len() < LONGEST + 200);
        }
    }
}
