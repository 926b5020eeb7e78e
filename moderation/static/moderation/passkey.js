// Say in words that a passkey was refused or the window closed; allauth's script only writes to the console.
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  for (const problem of document.querySelectorAll('[data-passkey-problem]')) problem.hidden = false
})
