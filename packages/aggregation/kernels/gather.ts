/** Copies the `count` columns of a row that a table of as many 32-bit indices names, one after another. */
export function gather(row: usize, table: usize, count: usize, to: usize): void {
  const end = to + (count << 2)
  for (; to < end; to += 4, table += 4) store<f32>(to, load<f32>(row + ((<usize>load<u32>(table)) << 2)))
}
