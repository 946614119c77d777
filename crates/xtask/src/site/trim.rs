use std::{collections::HashMap, num::TryFromIntError, ops::Range};

use wasmparser::{
    KnownCustom, Name, NameSectionReader, Parser, Payload, RelocSectionReader, TypeRef,
};

use crate::step::note;

/// How the names of functions go on that are never called.
///
/// Leptos can take over a page piece by piece and compiles that way beside the one used here (`hydrate_body`) for every
/// view. It hangs in tables of functions, so that no linker can see that nobody calls it: a sixth of the module. Were
/// one called nevertheless, the page would stop with an error, which every browser test looks for.
const NEVER_CALLED: &str = "13hydrate_async";
/// A closure in a mangled name. What an `async fn` does is one.
const CLOSURE: &str = "28_$u7b$$u7b$closure$u7d$$u7d$";
/// The hash at the end of a mangled name.
const HASH: &str = "17h";

/// The name of the section that holds the relocations of code.
const RELOCATIONS: &str = "reloc.CODE";
/// What a section with a name begins with.
const CUSTOM: u8 = 0;

/// Empties the functions of a module that are never called. What only they refer to is referred to no more, so that the
/// splitting leaves it out.
///
/// Every byte keeps its place, since the module's relocations name places: a function's body becomes a trap of the same
/// length.
pub(super) fn trim(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let found = Found::read(module)?;
    note(&format!("{} functions left out", found.bodies.len()));
    let mut emptied = module.to_vec();
    for body in &found.bodies {
        trap(&mut emptied[body.clone()]);
    }
    let Some(section) = &found.relocations else {
        return Ok(emptied);
    };
    let mut payload = Vec::new();
    leb(&mut payload, RELOCATIONS.len());
    payload.extend(RELOCATIONS.as_bytes());
    payload.extend(found.relocations_that_stay(section, module)?);
    // Before it come all sections that relocations name places of.
    let mut trimmed = emptied[..section.header].to_vec();
    trimmed.push(CUSTOM);
    leb(&mut trimmed, payload.len());
    trimmed.extend(payload);
    trimmed.extend(&emptied[section.end..]);
    Ok(trimmed)
}

/// What is looked for in a module.
struct Found<'a> {
    /// Where the section of code begins, from which relocations count.
    code: usize,
    /// The bodies of functions that are never called, in order.
    bodies: Vec<Range<usize>>,
    relocations: Option<Relocations<'a>>,
}

/// The section of the relocations of code.
struct Relocations<'a> {
    header: usize,
    entries: RelocSectionReader<'a>,
    end: usize,
}

impl<'a> Found<'a> {
    fn read(module: &'a [u8]) -> anyhow::Result<Self> {
        let (mut imported, mut code, mut bodies) = (0_u32, 0, Vec::new());
        let (mut names, mut relocations, mut end) = (HashMap::new(), None, 0);
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            let header = end;
            if let Some((_, section)) = payload.as_section() {
                end = index(section.end)?;
            }
            match payload {
                Payload::Version { range, .. } => end = index(range.end)?,
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let function = matches!(import?.ty, TypeRef::Func(_));
                        imported += u32::from(function);
                    }
                }
                Payload::CodeSectionStart { range, .. } => code = index(range.start)?,
                Payload::CodeSectionEntry(body) => {
                    let body = body.range();
                    bodies.push(index(body.start)?..index(body.end)?);
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Name(subsections) => name(&mut names, subsections)?,
                    KnownCustom::Reloc(entries) if section.name() == RELOCATIONS => {
                        relocations = Some(Relocations {
                            header,
                            entries,
                            end,
                        });
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        let never_called = |function| {
            names
                .get(&function)
                .is_some_and(|name| is_never_called(name))
        };
        let bodies = (imported..)
            .zip(bodies)
            .filter(|(function, _)| never_called(*function))
            .map(|(_, body)| body)
            .collect();
        Ok(Self {
            code,
            bodies,
            relocations,
        })
    }

    /// The content of the section of relocations without those within the bodies.
    fn relocations_that_stay(
        &self,
        section: &Relocations<'_>,
        module: &[u8],
    ) -> anyhow::Result<Vec<u8>> {
        let (mut places, mut stay) = (Vec::new(), Vec::new());
        for entry in section.entries.entries().into_iter_with_offsets() {
            let (place, entry) = entry?;
            let target = self.code + index(entry.offset)?;
            let before = self.bodies.partition_point(|body| body.start <= target);
            stay.push(before == 0 || !self.bodies[before - 1].contains(&target));
            places.push(index(place)?);
        }
        places.push(section.end);
        let mut content = Vec::new();
        leb(&mut content, index(section.entries.section_index())?);
        leb(&mut content, stay.iter().filter(|stays| **stays).count());
        for (entry, stays) in places.windows(2).zip(stay) {
            if stays {
                content.extend(&module[entry[0]..entry[1]]);
            }
        }
        Ok(content)
    }
}

/// Reads the names of functions.
fn name<'a>(
    names: &mut HashMap<u32, &'a str>,
    subsections: NameSectionReader<'a>,
) -> anyhow::Result<()> {
    for subsection in subsections {
        if let Name::Function(functions) = subsection? {
            for naming in functions {
                let naming = naming?;
                names.insert(naming.index, naming.name);
            }
        }
    }
    Ok(())
}

/// Whether this is the mangled name of the body of an async function that is never called. What else is
/// defined in such a function does not count: the compiler may have found it to be equal to something
/// that is called, and kept one of the two.
fn is_never_called(name: &str) -> bool {
    let Some((_, rest)) = name.split_once(NEVER_CALLED) else {
        return false;
    };
    let hash = rest.trim_start_matches(CLOSURE);
    hash.len() < rest.len() && hash.starts_with(HASH)
}

/// Makes a body that has no locals, traps, and is as long as it was.
fn trap(body: &mut [u8]) {
    const UNREACHABLE: u8 = 0x00;
    const NOP: u8 = 0x01;
    const END: u8 = 0x0b;
    body.fill(NOP);
    if let [locals, first, .., last] = body {
        *locals = 0;
        *first = UNREACHABLE;
        *last = END;
    }
}

fn index(place: impl TryInto<usize, Error = TryFromIntError>) -> anyhow::Result<usize> {
    Ok(place.try_into()?)
}

/// Appends a number as WebAssembly writes them.
fn leb(bytes: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, CustomSection, Function, FunctionSection, Module, NameMap, NameSection,
        TypeSection,
    };
    use wasmparser::{KnownCustom, Operator, Parser, Payload};

    use super::trim;

    const CALLED: &str =
        "_ZN1t13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$7inner_117h0123456789abcdefE";
    const NEVER_CALLED: &str =
        "_ZN1t13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE";

    /// Two functions that each call the first, with a relocation for either call.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        let mut names = NameMap::new();
        for (index, name) in [(0, CALLED), (1, NEVER_CALLED)] {
            functions.function(0);
            let mut body = Function::new([]);
            body.instructions().call(0).call(0).end();
            code.function(&body);
            names.append(index, name);
        }
        let mut naming = NameSection::new();
        naming.functions(&names);
        // The section of code is a count, then for each function its size, no locals, two calls of two bytes and an end:
        // the first indices are at 4 and 11.
        let relocations = [2, 2, 0, 4, 0, 0, 11, 0];
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        module.section(&CustomSection {
            name: "reloc.CODE".into(),
            data: relocations.as_slice().into(),
        });
        module.section(&naming);
        module.finish()
    }

    fn bodies(module: &[u8]) -> anyhow::Result<Vec<Vec<String>>> {
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            let Payload::CodeSectionEntry(body) = payload? else {
                continue;
            };
            let mut operators = Vec::new();
            for operator in body.get_operators_reader()? {
                operators.push(format!("{:?}", operator?));
            }
            bodies.push(operators);
        }
        Ok(bodies)
    }

    fn relocations(module: &[u8]) -> anyhow::Result<Vec<u32>> {
        let mut places = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            let Payload::CustomSection(section) = payload? else {
                continue;
            };
            if let KnownCustom::Reloc(section) = section.as_known() {
                for entry in section.entries() {
                    places.push(entry?.offset);
                }
            }
        }
        Ok(places)
    }

    #[test]
    fn only_what_is_never_called_is_emptied_and_refers_to_nothing_more() -> anyhow::Result<()> {
        let module = module();
        assert_eq!(relocations(&module)?, [4, 11]);
        let trimmed = trim(&module)?;
        assert_eq!(relocations(&trimmed)?, [4]);
        let (before, after) = (bodies(&module)?, bodies(&trimmed)?);
        assert_eq!(after[0], before[0]);
        assert_eq!(after[1][0], format!("{:?}", Operator::Unreachable));
        assert!(!after[1].concat().contains("Call"), "{after:?}");
        // The names, which come after, are still there.
        assert_eq!(trim(&trimmed)?, trimmed);
        Ok(())
    }
}
