use super::{
    bin, names,
    token::{digest, expect, name, number, shown, sized, word},
};
use crate::{Refusal, content::AerospikeContent, source::Source};

/// The most that a generation or a number of bins is.
const MOST: u64 = 65_535;

/// A record: its key if it has one, namespace, digest, set if it has one, generation, expiration, bins.
pub(super) async fn read(
    source: &mut Source,
    content: &mut AerospikeContent,
) -> Result<(), Refusal> {
    let mut kind = line(source, "kn").await?;
    if kind == b'k' {
        key(source).await?;
        kind = line(source, "n").await?;
    }
    debug_assert_eq!(kind, b'n', "the only one that is left");
    let inside = "a namespace";
    let at = source.offset();
    let namespace = name(source, [b'\n'; 2], inside).await?;
    names::check(source, at, content, &namespace, "a record")?;
    expect(source, b'\n', inside).await?;
    line(source, "d").await?;
    digest(source, "a digest").await?;
    expect(source, b'\n', "a digest").await?;
    let mut set = String::new();
    if line(source, "sg").await? == b's' {
        set = name(source, [b'\n'; 2], "a set").await?;
        expect(source, b'\n', "a set").await?;
        line(source, "g").await?;
    }
    number(source, b'\n', MOST, "a generation").await?;
    expect(source, b'\n', "a generation").await?;
    line(source, "t").await?;
    number(source, b'\n', u64::MAX, "an expiration").await?;
    expect(source, b'\n', "an expiration").await?;
    line(source, "b").await?;
    let bins = number(source, b'\n', MOST, "a number of bins").await?;
    expect(source, b'\n', "a number of bins").await?;
    for number in 1..=bins {
        bin::read(source, number, bins).await?;
    }
    content.bins += bins;
    names::count(content, &namespace, set);
    Ok(())
}

/// The beginning of a record's line; which of those that may stand here.
async fn line(source: &mut Source, may: &str) -> Result<u8, Refusal> {
    let inside = "a record's lines";
    expect(source, b'+', inside).await?;
    expect(source, b' ', inside).await?;
    let kind = match source.peek().await {
        Some(byte) if may.as_bytes().contains(&byte) => source.byte(inside).await?,
        Some(byte) => {
            let may: Vec<String> = may.bytes().map(shown).collect();
            return Err(source.refuse(format!(
                "a record's line of type {} stands where one of {} belongs",
                shown(byte),
                may.join(" or ")
            )));
        }
        None => return Err(source.cut(inside)),
    };
    expect(source, b' ', inside).await?;
    Ok(kind)
}

async fn key(source: &mut Source) -> Result<(), Refusal> {
    let inside = "a key";
    let at = source.offset();
    let kind = source.byte(inside).await?;
    let raw = source.peek().await == Some(b'!') && kind == b'B';
    if raw {
        source.byte(inside).await?;
    }
    expect(source, b' ', inside).await?;
    match kind {
        b'I' => integer(source, inside).await?,
        b'D' => float(source, inside).await?,
        b'S' => sized(source, false, inside).await?,
        b'X' => sized(source, true, inside).await?,
        b'B' => sized(source, !raw, inside).await?,
        kind => {
            let what = format!("{} is no type of a key", shown(kind));
            return Err(source.refuse_at(at, what));
        }
    }
    expect(source, b'\n', inside).await
}

/// A whole number to the end of the line, which stays.
pub(super) async fn integer(source: &mut Source, inside: &str) -> Result<(), Refusal> {
    let at = source.offset();
    let word = word(source, b'\n', inside).await?;
    if word.parse::<i64>().is_ok() && !word.starts_with('+') {
        return Ok(());
    }
    let word = word.escape_debug();
    Err(source.refuse_at(
        at,
        format!("\u{201c}{word}\u{201d} in {inside} is no whole number"),
    ))
}

/// A floating-point number to the end of the line, which stays.
pub(super) async fn float(source: &mut Source, inside: &str) -> Result<(), Refusal> {
    let at = source.offset();
    let word = word(source, b'\n', inside).await?;
    if word.parse::<f64>().is_ok() {
        return Ok(());
    }
    let word = word.escape_debug();
    Err(source.refuse_at(
        at,
        format!("\u{201c}{word}\u{201d} in {inside} is no number"),
    ))
}
