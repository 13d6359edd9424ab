// Builds static/build: style sheets, one script, one icon. Called by `npm run build`.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { compile } from "sass"

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const target = join(here, "build")
const govukScript = join(root, "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js")

// The order matters only in that `start` comes last: it sets everything off.
const behaviours = [
  "live",
  "select-all",
  "guard-unsaved",
  "keep-draft",
  "recheck",
  "message",
  "here",
  "stay",
  "shortcuts",
  "start",
]

const written = new Set()

/** A file that is read meanwhile is whole, the old one or the new one. */
function put(name, content) {
  writeFileSync(join(target, `${name}.part`), content)
  renameSync(join(target, `${name}.part`), join(target, name))
  written.add(name)
}

function write(name, text) {
  put(name, text)
  const size = (gzipSync(text, { level: 9 }).length / 1024).toFixed(1)
  console.log(`${name.padEnd(12)} ${size} KB gzipped`)
}

/** One style sheet. A URL in it would be a request for a file nobody serves, so there may be none. */
function style(name) {
  const { css } = compile(join(here, "sass", `${name}.scss`), {
    style: "compressed",
    loadPaths: [root, join(root, "node_modules")],
    quietDeps: true,
  })
  const stray = css.match(/url\((?!["']?data:)[^)]*\)/)
  if (stray) {
    throw new Error(`${name}.css asks for ${stray[0]}`)
  }
  return css
}

/** Four values of one property, the second and the fourth of which change places. */
const fourValues = /(?<=[{;])(margin|padding|border-(?:width|style|color)|inset):([^;{}]+)(?=[;}])/g

/** The same style sheet for a page that runs to the left: what is left stands right. */
function mirrored(css) {
  const other = { left: "right", right: "left" }
  return css
    .replace(/(?<=[{;](?:[a-z]+-)*)(left|right)(?=(?:-[a-z]+)*:)/g, (side) => other[side])
    .replace(/(?<=[{;](?:text-align|float|clear):)(left|right)\b/g, (side) => other[side])
    .replace(fourValues, (whole, name, values) => {
      const [words, important = ""] = values.split(/(?=!important)/)
      // A space within brackets parts nothing.
      const parts = words.match(/(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+/g) ?? []
      const turned = [parts[0], parts[3], parts[2], parts[1]].join(" ")
      return parts.length === 4 ? `${name}:${turned}${important}` : whole
    })
    .replace(/rotate\((-?)([\d.]+)deg\)/g, (_, sign, angle) => `rotate(${sign ? "" : "-"}${angle}deg)`)
    .replace(/polygon\(([^)]+)\)/g, (_, points) => `polygon(${points.split(",").map(otherSide).join(",")})`)
}

/** A point as far from the other side. */
function otherSide(point) {
  const [across, down] = point.trim().split(" ")
  return `${100 - parseFloat(across)}% ${down}`
}

/** GOV.UK Frontend as published, without its exports, so that it can share one classic script. */
function govukFrontend() {
  const published = readFileSync(govukScript, "utf8")
  const [body] = published.split(/export\s*\{/)
  if (body === published || /^import\b/m.test(body)) {
    throw new Error("govuk-frontend.min.js is not the single module this build expects")
  }
  return body
}

function behaviour(name) {
  const source = readFileSync(join(here, "js", `${name}.js`), "utf8")
  return source.replace(/^\s*\/\/.*\n/gm, "").replace(/^\s+/gm, "")
}

mkdirSync(target, { recursive: true })
write("public.css", style("public"))
write("public.rtl.css", mirrored(style("public")))
write("staff.css", style("staff"))
write("house.js", `"use strict";(()=>{${govukFrontend()}\n${behaviours.map(behaviour).join("")}})();\n`)
for (const image of readdirSync(join(here, "images"))) {
  put(image, readFileSync(join(here, "images", image)))
}
for (const name of readdirSync(target)) {
  if (!written.has(name)) {
    rmSync(join(target, name), { recursive: true })
  }
}
