import type { Command } from 'commander'
import { addDataCheck } from './data-check.ts'
import { addDataFetch } from './data-fetch.ts'
import { addDataList } from './data-list.ts'
import { addDataShow } from './data-show.ts'

export function addData(program: Command, numberOf: (text: string) => number): void {
  const data = program.command('data').description('data sets by name, and data of your own')
  addDataList(data)
  addDataFetch(data)
  addDataCheck(data)
  addDataShow(data, numberOf)
}
