use crate::{
    Refusal,
    content::{AsbxContent, Content},
    source::Source,
};

/// Bytes of the header: version, number of the file, four reserved ones, namespace.
pub(crate) const HEADER: usize = 44;
const VERSION: u8 = 1;
/// What a record's message has at most.
const LONGEST: u64 = 128 << 20;

/// Whether a stream that begins so is a binary backup.
pub(crate) fn is_header(start: &[u8]) -> bool {
    let Some(header) = start.get(..HEADER) else {
        return false;
    };
    let (name, rest) = name_of(header);
    header[0] == VERSION
        && header[9..13] == [0; 4]
        && !name.is_empty()
        && name.iter().all(u8::is_ascii_graphic)
        && rest.iter().all(|byte| *byte == 0)
}

fn name_of(header: &[u8]) -> (&[u8], &[u8]) {
    let field = &header[13..HEADER];
    let end = field.iter().position(|byte| *byte == 0);
    field.split_at(end.unwrap_or(field.len()))
}

/// Reads a binary backup: the records' messages are passed over, since the format tells nothing of them but their lengths.
pub(crate) async fn parse(mut source: Source) -> Result<Content, Refusal> {
    let header: [u8; HEADER] = source.array("the header").await?;
    let (name, _) = name_of(&header);
    let mut file = [0; 8];
    file.copy_from_slice(&header[1..9]);
    let mut content = AsbxContent {
        namespace: String::from_utf8_lossy(name).into_owned(),
        file: u64::from_be_bytes(file),
        records: 0,
    };
    while source.peek().await.is_some() {
        let number = content.records + 1;
        let inside = format!("record {number}");
        source.skip(20, &inside).await?;
        let at = source.offset();
        let length: [u8; 6] = source.array(&inside).await?;
        let length = length
            .iter()
            .fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
        if length == 0 || length > LONGEST {
            let what =
                format!("{inside} says that it has {length} bytes; a record has 1 to {LONGEST}");
            return Err(source.refuse_at(at, what));
        }
        source.skip(length, &inside).await?;
        content.records = number;
    }
    Ok(Content::Asbx(content))
}
