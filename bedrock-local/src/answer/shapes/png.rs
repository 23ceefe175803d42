//! Small pictures: a gradient down the rows, so that every row is like its neighbour and the file stays small.

/// A PNG of this size, in colours that depend on the seed.
pub(super) fn gradient(width: u32, height: u32, transparent: bool, seed: u64) -> Vec<u8> {
    let channels = if transparent { 4 } else { 3 };
    let [r1, g1, b1, r2, g2, b2, _, _] = seed.to_be_bytes();
    let mut pixels = Vec::with_capacity(width as usize * height as usize * channels);
    for row in 0..height {
        let mix = |from: u8, to: u8| {
            let (from, to, row, height) = (u64::from(from), u64::from(to), u64::from(row), u64::from(height));
            u8::try_from((from * (height - row) + to * row) / height).unwrap_or(u8::MAX)
        };
        let pixel = [mix(r1, r2), mix(g1, g2), mix(b1, b2), 0x80];
        pixels.extend(pixel[..channels].iter().copied().cycle().take(width as usize * channels));
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(if transparent { png::ColorType::Rgba } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_filter(png::Filter::Up);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.expect("a vector takes all bytes, and the pixels are as many as the header says");
    file
}

/// Width and height of a PNG or JPEG, told from its header.
pub(super) fn size(file: &[u8]) -> Option<(u32, u32)> {
    let word = |at: usize| Some(u32::from(u16::from_be_bytes(file.get(at..at + 2)?.try_into().ok()?)));
    if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        let long = |at: usize| Some(u32::from_be_bytes(file.get(at..at + 4)?.try_into().ok()?));
        return Some((long(16)?, long(20)?));
    }
    if !file.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    // JPEG: from marker to marker, up to the frame header.
    let mut at = 2;
    loop {
        match file.get(at..at + 2)? {
            [0xff, 0xc0..=0xc3] => return Some((word(at + 7)?, word(at + 5)?)),
            [0xff, _] => at += 2 + word(at + 2)? as usize,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{gradient, size};

    #[test]
    fn gradients_have_the_size_that_is_asked_for_and_stay_small() {
        let file = gradient(640, 320, false, 7);
        assert_eq!(size(&file), Some((640, 320)));
        assert!(file.len() < 20_000, "{} bytes", file.len());
        assert_eq!(file, gradient(640, 320, false, 7));
        assert_ne!(file, gradient(640, 320, false, u64::MAX));
        assert_eq!(size(&gradient(1, 1, true, 0)), Some((1, 1)));
    }

    #[test]
    fn sizes_are_told_or_not() {
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0, 2, 0, 3];
        assert_eq!(size(&jpeg), Some((3, 2)));
        assert_eq!(size(&jpeg[..12]), None);
        assert_eq!(size(b"hi"), None);
    }
}
