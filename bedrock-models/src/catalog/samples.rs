//! A small catalogue for tests, so that they do not change with the facts. Its amounts are round, not AWS's.

use super::*;

pub const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
pub const LLAMA: &str = "meta.llama3-8b-instruct-v1:0";

const CHAT: &[Operation] =
    &[Operation::InvokeModel, Operation::InvokeModelWithResponseStream, Operation::Converse, Operation::ConverseStream];
const TEXT: &[Modality] = &[Modality::Text];
const SIGHT: &[Modality] = &[Modality::Text, Modality::Image];

const fn life(status: Status) -> Lifecycle {
    Lifecycle { status: Some(status), ..Lifecycle::UNKNOWN }
}

const CLAUDE: ModelInfo = ModelInfo {
    owner: "Anthropic",
    api: Some("anthropic/messages"),
    operations: CHAT,
    input_modalities: SIGHT,
    output_modalities: TEXT,
    lifecycle: life(Status::Active),
    capabilities: Capabilities {
        streaming: Some(true),
        system_prompt: Some(true),
        tools: Some(true),
        vision: Some(true),
        documents: Some(true),
        reasoning: Some(true),
        prompt_caching: Some(true),
        structured_output: Some(true),
    },
    confidence: Some(Confidence::High),
    ..ModelInfo::new("")
};

pub const SAMPLES: &[&ModelInfo] = &[
    &ModelInfo {
        id: HAIKU,
        name: "Claude Haiku 4.5",
        released: Some(Date::new(2025, 10, 16)),
        on_demand: Some(false),
        profiles: &["us", "eu", "us-gov", "global"],
        context_tokens: Some(200_000),
        max_output_tokens: Some(64_000),
        price: Some(Price {
            input: usd("1"),
            output: usd("5"),
            cache_read: usd("0.1"),
            cache_write: usd("1.25"),
            cache_write_1h: usd("2"),
            batch_input: usd("0.5"),
            batch_output: usd("2.5"),
            quoted_id: "global.anthropic.claude-haiku-4-5-20251001-v1:0",
            ..Price::UNKNOWN
        }),
        ..CLAUDE
    },
    &ModelInfo {
        id: "anthropic.claude-sonnet-4-5-20250929-v1:0",
        name: "Claude Sonnet 4.5",
        released: Some(Date::new(2025, 9, 29)),
        on_demand: Some(false),
        profiles: &["us", "eu", "global"],
        context_tokens: Some(1_000_000),
        price: Some(Price {
            input: usd("3"),
            output: usd("15"),
            cache_read: usd("0.3"),
            batch_input: usd("1.5"),
            batch_output: usd("7.5"),
            long_context: Some(LongContext { above_input_tokens: 200_000, input: usd("6"), output: usd("22.5") }),
            ..Price::UNKNOWN
        }),
        ..CLAUDE
    },
    &ModelInfo {
        id: "anthropic.claude-v2",
        name: "Claude 2",
        input_modalities: TEXT,
        lifecycle: Lifecycle { eol_date: Some(Date::new(2025, 7, 21)), ..life(Status::Eol) },
        capabilities: Capabilities { vision: Some(false), tools: Some(false), ..Capabilities::UNKNOWN },
        ..CLAUDE
    },
    &ModelInfo {
        id: LLAMA,
        name: "Llama 3 8B Instruct",
        owner: "Meta",
        api: Some("meta/llama"),
        released: Some(Date::new(2024, 4, 23)),
        operations: CHAT,
        on_demand: Some(true),
        profiles: &["us"],
        context_tokens: Some(8_192),
        input_modalities: TEXT,
        output_modalities: TEXT,
        lifecycle: Lifecycle {
            legacy_date: Some(Date::new(2026, 7, 1)),
            eol_date: Some(Date::new(2027, 3, 30)),
            ..life(Status::Active)
        },
        price: Some(Price { input: usd("0.3"), output: usd("0.6"), ..Price::UNKNOWN }),
        capabilities: Capabilities { tools: Some(false), streaming: Some(true), ..Capabilities::UNKNOWN },
        confidence: Some(Confidence::Medium),
        ..ModelInfo::new("")
    },
    &ModelInfo {
        id: "mistral.mistral-large-3-675b-instruct",
        name: "Mistral Large 3",
        owner: "Mistral AI",
        released: Some(Date::new(2025, 12, 2)),
        operations: CHAT,
        on_demand: Some(true),
        context_tokens: Some(256_000),
        input_modalities: SIGHT,
        output_modalities: TEXT,
        lifecycle: life(Status::Active),
        price: Some(Price { input: usd("0.5"), output: usd("1.5"), flex_input: usd("0.25"), ..Price::UNKNOWN }),
        capabilities: Capabilities { tools: Some(true), vision: None, ..Capabilities::UNKNOWN },
        ..ModelInfo::new("")
    },
    &ModelInfo {
        id: "amazon.nova-2-sonic-v1:0",
        name: "Nova 2 Sonic",
        owner: "Amazon",
        operations: &[Operation::InvokeModelWithBidirectionalStream],
        on_demand: Some(true),
        input_modalities: &[Modality::Text, Modality::Speech],
        output_modalities: &[Modality::Text, Modality::Speech],
        lifecycle: life(Status::Active),
        price: Some(Price {
            input: usd("0.33"),
            output: usd("2.75"),
            audio_input: usd("3"),
            audio_output: usd("12"),
            ..Price::UNKNOWN
        }),
        ..ModelInfo::new("")
    },
    &ModelInfo {
        id: "amazon.nova-2-multimodal-embeddings-v1:0",
        name: "Nova 2 Multimodal Embeddings",
        owner: "Amazon",
        operations: &[Operation::InvokeModel, Operation::StartAsyncInvoke],
        on_demand: Some(true),
        input_modalities: &[Modality::Text, Modality::Image, Modality::Video, Modality::Audio],
        output_modalities: &[Modality::Embedding],
        lifecycle: life(Status::Active),
        price: Some(Price {
            input: usd("0.135"),
            image: usd("0.00006"),
            video_second: usd("0.0007"),
            audio_second: usd("0.00014"),
            ..Price::UNKNOWN
        }),
        capabilities: Capabilities { streaming: Some(false), ..Capabilities::UNKNOWN },
        ..ModelInfo::new("")
    },
    &ModelInfo {
        id: "cohere.rerank-v3-5:0",
        name: "Rerank 3.5",
        owner: "Cohere",
        operations: &[Operation::InvokeModel],
        on_demand: Some(true),
        lifecycle: life(Status::Active),
        price: Some(Price { query: usd("0.002"), ..Price::UNKNOWN }),
        ..ModelInfo::new("")
    },
    &ModelInfo {
        id: "stability.sd3-5-large-v1:0",
        name: "Stable Diffusion 3.5 Large",
        owner: "Stability AI",
        operations: &[Operation::InvokeModel],
        on_demand: Some(true),
        input_modalities: SIGHT,
        output_modalities: &[Modality::Image],
        lifecycle: life(Status::Legacy),
        price: Some(Price { image: usd("0.08"), ..Price::UNKNOWN }),
        ..ModelInfo::new("")
    },
    &ModelInfo {
        id: "openai.gpt-oss-20b-1:0",
        name: "gpt-oss 20B",
        owner: "OpenAI",
        released: Some(Date::new(2025, 8, 5)),
        operations: CHAT,
        on_demand: Some(true),
        context_tokens: Some(128_000),
        input_modalities: TEXT,
        output_modalities: TEXT,
        lifecycle: life(Status::Active),
        price: Some(Price {
            input: usd("0.07"),
            output: usd("0.3"),
            flex_input: usd("0.035"),
            flex_output: usd("0.15"),
            priority_input: usd("0.1225"),
            priority_output: usd("0.525"),
            ..Price::UNKNOWN
        }),
        capabilities: Capabilities { tools: Some(true), streaming: Some(true), ..Capabilities::UNKNOWN },
        confidence: Some(Confidence::High),
        ..ModelInfo::new("")
    },
    &ModelInfo {
        id: "openai.gpt-oss-20b",
        name: "gpt-oss 20B (mantle)",
        owner: "OpenAI",
        operations: &[Operation::Responses, Operation::ChatCompletions],
        catalog_only: Some(CatalogOnly {
            reason: Reason::Alias,
            why: "on bedrock-runtime it is openai.gpt-oss-20b-1:0",
            of: Some("openai.gpt-oss-20b-1:0"),
        }),
        ..ModelInfo::new("")
    },
    &ModelInfo { name: "Grok 4.7", owner: "xAI", confidence: Some(Confidence::Low), ..ModelInfo::new("xai.grok-4.7") },
];

/// One of them.
pub fn sample(id: &str) -> &'static ModelInfo {
    find_among(SAMPLES, id).expect("the sample is there").model
}
