//! One entry of the catalogue.

use std::fmt;
use std::str::FromStr;

use super::{Date, Price};

/// What is known about a model. It prints as its ID.
///
/// Facts about a model of one's own start from [`new`](Self::new):
///
/// ```
/// use bedrock_models::ModelInfo;
/// use bedrock_models::catalog::{Operation, Price, usd};
///
/// const MINE: ModelInfo = {
///     let mut info = ModelInfo::new("acme.talker-v1:0");
///     info.operations = &[Operation::InvokeModel];
///     info.profiles = &["us", "eu"];
///     let mut price = Price::UNKNOWN;
///     price.input = usd("0.25");
///     info.price = Some(price);
///     info
/// };
/// assert!(MINE.serves(Operation::InvokeModel));
/// assert_eq!(MINE.capabilities.tools, None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ModelInfo {
    /// The bare model ID: `anthropic.claude-3-haiku-20240307-v1:0`.
    pub id: &'static str,
    /// Its name among people: `Claude 3 Haiku`.
    pub name: &'static str,
    /// Who made it: `Anthropic`.
    pub owner: &'static str,
    /// The API whose bodies it takes: `anthropic/messages`. `None` without types, and for a model of one's own.
    pub api: Option<&'static str>,
    /// Its file below `schemas/`, without `.json`; empty for a model of one's own.
    pub schema: &'static str,
    /// The day on which it came to Bedrock.
    pub released: Option<Date>,
    /// The operations that are known to serve it.
    pub operations: &'static [Operation],
    /// Whether the bare ID can be invoked; `Some(false)`: only an inference profile can.
    pub on_demand: Option<bool>,
    /// Prefixes of the inference profiles that are known: `us`, `eu`, `apac`, `global`, `us-gov`, …
    pub profiles: &'static [&'static str],
    /// Tokens that a request and its answer may have together.
    pub context_tokens: Option<u64>,
    /// Tokens that an answer may have.
    pub max_output_tokens: Option<u64>,
    /// What goes in.
    pub input_modalities: &'static [Modality],
    /// What comes out.
    pub output_modalities: &'static [Modality],
    /// Where it is in its life.
    pub lifecycle: Lifecycle,
    /// What it costs.
    pub price: Option<Price>,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Where the facts come from: addresses, or names of lists.
    pub sources: &'static [&'static str],
    /// How sure the facts are.
    pub confidence: Option<Confidence>,
    /// What else there is to know: conflicts between sources, what is inferred.
    pub note: Option<&'static str>,
    /// Why it has no request and response types here; `None` where it has them, and for a model of one's own.
    pub catalog_only: Option<CatalogOnly>,
}

impl ModelInfo {
    /// A model of which only the ID is known; the rest can be set on it.
    pub const fn new(id: &'static str) -> Self {
        Self {
            id,
            name: id,
            owner: "",
            api: None,
            schema: "",
            released: None,
            operations: &[],
            on_demand: None,
            profiles: &[],
            context_tokens: None,
            max_output_tokens: None,
            input_modalities: &[],
            output_modalities: &[],
            lifecycle: Lifecycle::UNKNOWN,
            price: None,
            capabilities: Capabilities::UNKNOWN,
            sources: &[],
            confidence: None,
            note: None,
            catalog_only: None,
        }
    }

    /// Whether an operation is known to serve it.
    pub fn serves(&self, operation: Operation) -> bool {
        self.operations.contains(&operation)
    }

    /// Whether it is known to take a kind of content.
    pub fn takes(&self, modality: Modality) -> bool {
        self.input_modalities.contains(&modality)
    }

    /// Whether it is known to give a kind of content.
    pub fn gives(&self, modality: Modality) -> bool {
        self.output_modalities.contains(&modality)
    }

    /// Every ID that is known to be invoked: the bare one unless it is refused, then those of the profiles.
    pub fn ids(&self) -> impl Iterator<Item = String> + use<> {
        let Self { id, profiles, .. } = *self;
        let bare = (self.on_demand != Some(false)).then(|| id.to_owned());
        bare.into_iter().chain(profiles.iter().map(move |profile| format!("{profile}.{id}")))
    }

    /// The stage of life that it is in on a day, as far as it is known; `None` before its release too.
    pub fn status_on(&self, date: Date) -> Option<Status> {
        if self.released.is_some_and(|released| date < released) { None } else { self.lifecycle.status_on(date) }
    }
}

impl fmt::Display for ModelInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id)
    }
}

/// Where a model is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lifecycle {
    /// The stage that it was in when the catalogue was made.
    pub status: Option<Status>,
    /// From this day on it is legacy.
    pub legacy_date: Option<Date>,
    /// From this day on requests fail.
    pub eol_date: Option<Date>,
    /// It will not end before this day.
    pub eol_not_before: Option<Date>,
    /// The ID that AWS names in its place.
    pub replacement: Option<&'static str>,
}

impl Lifecycle {
    /// Nothing is known.
    pub const UNKNOWN: Self =
        Self { status: None, legacy_date: None, eol_date: None, eol_not_before: None, replacement: None };

    /// The stage on a day. Dates that are known outrank the stage that was recorded; where none is known, that stage
    /// is taken to last.
    ///
    /// ```
    /// use bedrock_models::catalog::{Date, Lifecycle, Status};
    ///
    /// let mut life = Lifecycle::UNKNOWN;
    /// life.status = Some(Status::Active);
    /// life.eol_date = Some(Date::new(2027, 3, 30));
    /// assert_eq!(life.status_on(Date::new(2027, 3, 29)), Some(Status::Active));
    /// assert_eq!(life.status_on(Date::new(2027, 3, 30)), Some(Status::Eol));
    /// ```
    pub fn status_on(&self, date: Date) -> Option<Status> {
        if self.has_ended(date)? {
            return Some(Status::Eol);
        }
        match (self.legacy_date, self.status) {
            (Some(legacy), _) if date >= legacy => Some(Status::Legacy),
            (Some(_), Some(Status::Legacy | Status::Eol)) => Some(Status::Active),
            // It had not ended yet, but may have been legacy.
            (None, Some(Status::Eol)) => None,
            (_, status) => status,
        }
    }

    /// Whether it has come to its end of life by a day; `None` where that is not known.
    pub fn has_ended(&self, date: Date) -> Option<bool> {
        match (self.eol_date, self.eol_not_before, self.status) {
            (Some(end), _, _) => Some(date >= end),
            (None, Some(earliest), _) if date < earliest => Some(false),
            (None, _, status) => status.map(|status| status == Status::Eol),
        }
    }
}

/// What a model can do in a conversation; `None` is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Its answers can be streamed.
    pub streaming: Option<bool>,
    /// It takes a system prompt.
    pub system_prompt: Option<bool>,
    /// It calls tools.
    pub tools: Option<bool>,
    /// It sees images.
    pub vision: Option<bool>,
    /// It reads documents.
    pub documents: Option<bool>,
    /// It reasons before it answers.
    pub reasoning: Option<bool>,
    /// It takes cache points.
    pub prompt_caching: Option<bool>,
    /// Its answers keep to a JSON Schema that the request gives.
    pub structured_output: Option<bool>,
}

impl Capabilities {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self {
        streaming: None,
        system_prompt: None,
        tools: None,
        vision: None,
        documents: None,
        reasoning: None,
        prompt_caching: None,
        structured_output: None,
    };
}

/// Why a model has no request and response types here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogOnly {
    /// The kind of reason.
    pub reason: Reason,
    /// A sentence: why, and what to use.
    pub why: &'static str,
    /// The ID of the model that this is another name of.
    pub of: Option<&'static str>,
}

/// Text that is none of the names of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    what: &'static str,
    names: &'static [&'static str],
    found: String,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no {}: use one of {}", self.found, self.what, self.names.join(", "))
    }
}

impl std::error::Error for UnknownName {}

/// An enumeration whose variants have names on the wire or in the schemas' files.
macro_rules! named {
    ($(#[$docs:meta])* $name:ident, $what:literal { $($(#[$variant_docs:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$docs])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_docs])* $variant),+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name, which is also how it prints and what it is parsed from.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                match name {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(UnknownName {
                        what: $what,
                        names: &[$($text),+],
                        found: name.chars().take(40).collect(),
                    }),
                }
            }
        }
    };
}

named! {
    /// What serves a model, by AWS's names.
    Operation, "operation" {
        /// A whole answer.
        InvokeModel = "InvokeModel",
        /// An answer in pieces.
        InvokeModelWithResponseStream = "InvokeModelWithResponseStream",
        /// Events in both directions.
        InvokeModelWithBidirectionalStream = "InvokeModelWithBidirectionalStream",
        /// An answer that is put into Amazon S3.
        StartAsyncInvoke = "StartAsyncInvoke",
        /// A whole answer in the form that all models share.
        Converse = "Converse",
        /// The same in pieces.
        ConverseStream = "ConverseStream",
        /// Counts the tokens of a request.
        CountTokens = "CountTokens",
        /// Files of requests.
        BatchInference = "BatchInference",
        /// OpenAI's Chat Completions path.
        ChatCompletions = "ChatCompletions",
        /// OpenAI's Responses path.
        Responses = "Responses",
    }
}

named! {
    /// A kind of content.
    Modality, "modality" {
        /// Text.
        Text = "text",
        /// Still pictures.
        Image = "image",
        /// Sound.
        Audio = "audio",
        /// Moving pictures.
        Video = "video",
        /// Spoken words.
        Speech = "speech",
        /// Vectors.
        Embedding = "embedding",
    }
}

named! {
    /// A stage of a model's life.
    Status, "stage of life" {
        /// Not yet generally available.
        Preview = "preview",
        /// In use.
        Active = "active",
        /// Still there, its end announced; closed to new customers.
        Legacy = "legacy",
        /// At its end of life: requests fail.
        Eol = "eol",
    }
}

named! {
    /// How sure facts are; more is greater.
    Confidence, "confidence" {
        /// Inferred, or an ID from a single list.
        Low = "low",
        /// One source, or a conflict between sources.
        Medium = "medium",
        /// AWS's own pages agree.
        High = "high",
    }
}

named! {
    /// The kind of reason for which a model has no types here.
    Reason, "reason" {
        /// Only the bedrock-mantle endpoint serves it.
        MantleOnly = "mantle-only",
        /// It is served, but not by InvokeModel.
        ConverseOnly = "converse-only",
        /// Another spelling of a model's ID.
        Alias = "alias",
        /// The body that InvokeModel takes is not documented.
        BodyUnknown = "body-unknown",
        /// An ID that stands in a single third-party list.
        Unconfirmed = "unconfirmed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for operation in Operation::ALL {
            assert_eq!(operation.to_string().parse(), Ok(*operation));
        }
        for reason in Reason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(*reason));
        }
        assert!(Confidence::Low < Confidence::Medium && Confidence::Medium < Confidence::High);
        let error = "certain".parse::<Confidence>().unwrap_err().to_string();
        assert_eq!(error, r#""certain" is no confidence: use one of low, medium, high"#);
        assert_eq!(format!("[{:>6}]", Modality::Text), "[  text]");
    }

    #[test]
    fn ids_are_those_that_can_be_invoked() {
        let mut info = ModelInfo::new("acme.one");
        info.profiles = &["us", "us-gov"];
        assert_eq!(info.ids().collect::<Vec<_>>(), ["acme.one", "us.acme.one", "us-gov.acme.one"]);
        info.on_demand = Some(false);
        assert_eq!(info.ids().collect::<Vec<_>>(), ["us.acme.one", "us-gov.acme.one"]);
        assert_eq!(format!("[{info:>10}]"), "[  acme.one]");
    }

    const NOON: Date = Date::new(2026, 6, 1);
    const BEFORE: Date = Date::new(2026, 5, 31);
    const AFTER: Date = Date::new(2026, 6, 2);

    fn life(status: Option<Status>, legacy: Option<Date>, end: Option<Date>, earliest: Option<Date>) -> Lifecycle {
        Lifecycle { status, legacy_date: legacy, eol_date: end, eol_not_before: earliest, replacement: None }
    }

    #[test]
    fn dates_outrank_the_recorded_stage() {
        use Status::{Active, Eol, Legacy};
        for status in [None, Some(Active), Some(Legacy), Some(Eol)] {
            let ends = life(status, None, Some(NOON), None);
            assert_eq!(ends.status_on(NOON), Some(Eol), "{status:?}");
            assert_eq!(ends.status_on(AFTER), Some(Eol), "{status:?}");
            assert_eq!(ends.has_ended(BEFORE), Some(false), "{status:?}");
            let legacy = life(status, Some(NOON), Some(AFTER), None);
            assert_eq!(legacy.status_on(NOON), Some(Legacy), "{status:?}");
            assert_eq!(legacy.status_on(BEFORE), status.map(|_| Active), "{status:?}");
        }
        assert_eq!(life(Some(Eol), None, Some(NOON), None).status_on(BEFORE), None);
        assert_eq!(life(Some(Legacy), None, Some(NOON), None).status_on(BEFORE), Some(Legacy));
    }

    #[test]
    fn what_is_not_known_stays_so() {
        assert_eq!(Lifecycle::UNKNOWN.status_on(NOON), None);
        assert_eq!(Lifecycle::UNKNOWN.has_ended(NOON), None);
        let earliest = life(None, None, None, Some(NOON));
        assert_eq!((earliest.has_ended(BEFORE), earliest.has_ended(NOON)), (Some(false), None));
        assert_eq!(earliest.status_on(BEFORE), None);
        let gone = life(Some(Status::Eol), None, None, None);
        assert_eq!(gone.status_on(NOON), Some(Status::Eol));
    }

    #[test]
    fn nothing_is_active_before_its_release() {
        let mut info = ModelInfo::new("acme.one");
        info.lifecycle.status = Some(Status::Active);
        info.released = Some(NOON);
        assert_eq!(info.status_on(BEFORE), None);
        assert_eq!(info.status_on(NOON), Some(Status::Active));
    }
}
