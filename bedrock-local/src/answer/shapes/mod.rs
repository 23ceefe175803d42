//! One adapter per API shape whose replies depend on more than roles: chats with tools and ordered events, pictures,
//! embeddings, rankings. They are chosen by the path of the shape, never by a model.

mod anthropic;
mod chat;
mod embedding;
mod image;
mod nova;
mod png;
mod rerank;

use super::{Answer, Call, plain};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    match call.model.shape() {
        "anthropic/messages.json" => anthropic::answer(call),
        "amazon/nova-messages.json" => nova::answer(call),
        "mistral/chat.json" => chat::answer(call, &chat::MISTRAL),
        "shared/chat-completions.json" => chat::answer(call, &chat::COMPLETIONS),
        "amazon/nova-canvas.json" | "amazon/titan-image.json" => image::answer(call),
        "stability/text-to-image.json" | "stability/image-service.json" => image::stability(call),
        "amazon/titan-embed-text.json" | "amazon/titan-embed-text-v2.json" | "amazon/titan-embed-image.json" => {
            embedding::titan(call)
        }
        "amazon/nova-multimodal-embeddings.json" => embedding::nova(call),
        "cohere/embed-v3.json" | "cohere/embed-v4.json" => embedding::cohere(call),
        "amazon/rerank.json" | "cohere/rerank.json" => rerank::answer(call),
        _ => plain::answer(call),
    }
}
