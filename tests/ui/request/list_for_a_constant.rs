#![allow(deprecated)]

use bedrock_models::amazon::nova_reel_v1_0::NovaReelV1_0;
use bedrock_models::request;

fn main() {
    let _ = request!(NovaReelV1_0 {
        taskType: "TEXT_VIDEO",
        textToVideoParams: { text: "a lighthouse" },
        videoGenerationConfig: { fps: [24], dimension: { width: 1280 } },
//~                                   ^^^^ ERROR must be 24, found an array
//~                                                    ^^^^^^^^^^^^^^^ ERROR must be "1280x720", found an object
    });
}
