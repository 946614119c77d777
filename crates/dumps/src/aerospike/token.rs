use crate::{Refusal, source::Source};

/// What a name or a number has at most.
const LONGEST: usize = 1_000;

/// One byte that must stand here.
pub(super) async fn expect(source: &mut Source, wanted: u8, inside: &str) -> Result<(), Refusal> {
    match source.peek().await {
        Some(byte) if byte == wanted => source.byte(inside).await.map(|_| ()),
        Some(byte) => Err(source.refuse(format!(
            "{} stands where {} belongs, in {inside}",
            shown(byte),
            shown(wanted)
        ))),
        None => Err(source.cut(inside)),
    }
}

/// A byte as people read it.
pub(super) fn shown(byte: u8) -> String {
    match byte {
        b'\n' => "the end of the line".to_owned(),
        b' ' => "a space".to_owned(),
        byte if byte.is_ascii_graphic() => format!("\u{201c}{}\u{201d}", char::from(byte)),
        byte => format!("the byte 0x{byte:02x}"),
    }
}

/// A name up to one of two bytes that is not escaped by a backslash. The byte stays.
pub(super) async fn name(
    source: &mut Source,
    ends: [u8; 2],
    inside: &str,
) -> Result<String, Refusal> {
    let at = source.offset();
    let mut name = Vec::new();
    loop {
        let byte = match source.peek().await {
            Some(byte) if ends.contains(&byte) => break,
            Some(b'\\') => {
                source.byte(inside).await?;
                source.byte(inside).await?
            }
            Some(_) => source.byte(inside).await?,
            None => return Err(source.cut(inside)),
        };
        if name.len() == LONGEST {
            let what = format!("a name in {inside} is longer than {LONGEST} bytes");
            return Err(source.refuse_at(at, what));
        }
        name.push(byte);
    }
    Ok(String::from_utf8_lossy(&name).into_owned())
}

/// Text without escapes up to the byte, which stays.
pub(super) async fn word(source: &mut Source, end: u8, inside: &str) -> Result<String, Refusal> {
    let at = source.offset();
    let mut word = String::new();
    loop {
        match source.peek().await {
            Some(byte) if byte == end => return Ok(word),
            Some(b'\n') => {
                return Err(expect(source, end, inside)
                    .await
                    .err()
                    .unwrap_or_else(|| source.cut(inside)));
            }
            Some(byte) => {
                source.byte(inside).await?;
                word.push(char::from(byte));
            }
            None => return Err(source.cut(inside)),
        }
        if word.len() > LONGEST {
            let what = format!("a value in {inside} is longer than {LONGEST} bytes");
            return Err(source.refuse_at(at, what));
        }
    }
}

/// A whole number from 0 to `most`, and the byte after it, which stays.
pub(super) async fn number(
    source: &mut Source,
    end: u8,
    most: u64,
    inside: &str,
) -> Result<u64, Refusal> {
    let at = source.offset();
    let word = word(source, end, inside).await?;
    let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let number = if digits { word.parse().ok() } else { None };
    number.filter(|number| *number <= most).ok_or_else(|| {
        let word = word.escape_debug();
        source.refuse_at(
            at,
            format!("\u{201c}{word}\u{201d} in {inside} is no number from 0 to {most}"),
        )
    })
}

/// A value with its length before it.
pub(super) async fn sized(source: &mut Source, base64: bool, inside: &str) -> Result<(), Refusal> {
    let at = source.offset();
    let length = number(source, b' ', u64::from(u32::MAX), inside).await?;
    expect(source, b' ', inside).await?;
    if !base64 {
        return source.skip(length, inside).await;
    }
    if !length.is_multiple_of(4) {
        let what = format!("{length} is no length of Base64, in {inside}");
        return Err(source.refuse_at(at, what));
    }
    let mut seen = 0;
    source
        .pass(length, inside, |part| {
            base64_part(part, &mut seen, length, inside)
        })
        .await
}

/// Whether a part of a text is Base64; `seen` counts what went before.
fn base64_part(
    part: &[u8],
    seen: &mut u64,
    length: u64,
    inside: &str,
) -> Result<(), (usize, String)> {
    for (at, byte) in part.iter().enumerate() {
        let left = length - *seen;
        let digit = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        // An equals sign before the last place needs one there, too.
        let fill = *byte == b'=' && left <= 2;
        if !digit && !fill {
            return Err((at, format!("{} is no Base64, in {inside}", shown(*byte))));
        }
        *seen += 1;
    }
    Ok(())
}

/// Base64 of so many bytes up to the end of the line, which stays.
pub(super) async fn digest(source: &mut Source, inside: &str) -> Result<(), Refusal> {
    let at = source.offset();
    let text = word(source, b'\n', inside).await?;
    let mut seen = 0;
    let length = 28;
    let right = text.len() == 28
        && text.ends_with('=')
        && base64_part(text.as_bytes(), &mut seen, length, inside).is_ok();
    if right {
        Ok(())
    } else {
        let what = format!("{inside} is not 20 bytes in Base64");
        Err(source.refuse_at(at, what))
    }
}
