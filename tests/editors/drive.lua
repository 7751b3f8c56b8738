-- Open a file, wait for the diagnostic, apply the code action, and tell what happened as JSON.
local python, file, report = vim.env.PADLINT_PYTHON, vim.env.PADLINT_FILE, vim.env.PADLINT_REPORT
local told = {}

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local function waited(what)
  return vim.wait(600000, what, 50)
end

vim.cmd.edit(file)
local client = vim.lsp.start({ name = "padlint", cmd = { python, "-m", "padlint", "server" }, root_dir = vim.fs.dirname(file) })
waited(function() return #vim.diagnostic.get(0) > 0 end)
for _, each in ipairs(vim.diagnostic.get(0)) do
  table.insert(told, { line = each.lnum, column = each.col, code = each.code, source = each.source })
end

local whole = { start = { line = 0, character = 0 }, ["end"] = { line = 1000, character = 0 } }
local hints = vim.lsp.get_client_by_id(client):request_sync(
  "textDocument/inlayHint", { textDocument = vim.lsp.util.make_text_document_params(), range = whole }, 600000, 0
)

vim.api.nvim_win_set_cursor(0, { told[1].line + 1, told[1].column })
vim.lsp.buf.code_action({
  context = { only = { "quickfix" }, diagnostics = {} },
  filter = function(action) return action.isPreferred end,
  apply = true,
})
waited(function() return #vim.diagnostic.get(0) == 0 end)

local left = #vim.diagnostic.get(0)
vim.fn.writefile({ vim.json.encode({ told = told, left = left, lines = lines(), hint = hints.result[1].label }) }, report)
vim.cmd("qall!")
