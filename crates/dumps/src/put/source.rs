use std::io::Read;

/// Who gives the stream. Dropped before its end, it stops whatever makes the stream.
pub trait Giver: Read + Send {
    /// After the last byte: whether what made the stream ended well, or in words how it ended.
    fn end(&mut self) -> Result<(), String>;
}

/// Fills the room, unless the stream ends before.
pub(super) fn fill(giver: &mut dyn Giver, room: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < room.len() {
        match giver.read(&mut room[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
