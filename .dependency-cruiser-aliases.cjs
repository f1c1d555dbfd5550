const path = require('node:path');

/** What `paths` of web/tsconfig.json says, for the cruiser, which cannot read it without the older TypeScript. */
module.exports = {
  resolve: {
    alias: {
      '#shared': path.resolve(__dirname, 'shared'),
      '#strategies': path.resolve(__dirname, 'strategies'),
      '@': path.resolve(__dirname, 'web'),
    },
  },
};
