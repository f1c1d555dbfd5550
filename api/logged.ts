import type { FastifyRequest } from 'fastify';

/** In an address: what stands for an owner there. */
const SECRET_PARAMETER = /([?&](?:share|ticket|link)=)[^&]*/g;

/** What a log says of a request: no header, and no secret of its address. */
export const LOGGED = {
  req: ({ method, url, id, ip }: Pick<FastifyRequest, 'method' | 'url' | 'id' | 'ip'>) => ({
    method,
    url: url.replace(SECRET_PARAMETER, '$1…'),
    id,
    from: ip,
  }),
};
